/** What came of the work that succeeded in time, in its order; failures and latecomers have nothing to say. */
export async function settledWithin<T>(timeoutMs: number, work: readonly Promise<T>[]): Promise<T[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    const outcomes = await Promise.allSettled(work.map((one) => Promise.race([one, late])))
    return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  } finally {
    clearTimeout(timer)
  }
}
