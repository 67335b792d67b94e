import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

/** Counts the calls to savers that have not ended yet. */
export class OpenCalls {
  #count = 0

  get areOpen(): boolean {
    return this.#count > 0
  }

  async count<T>(call: () => Promise<T>): Promise<T> {
    this.#count += 1
    try {
      return await call()
    } finally {
      this.#count -= 1
    }
  }
}

const counted = new Set(['getTuple', 'put', 'putWrites', 'deleteThread', 'getDeltaChannelHistory'])

/** The saver, each of whose calls is counted while it lasts. */
export function watchedSaver(saver: BaseCheckpointSaver, calls: OpenCalls): BaseCheckpointSaver {
  return new Proxy(saver, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      const method = member as (...args: unknown[]) => unknown
      if (name === 'list') {
        return (...args: unknown[]) =>
          countedList(method.apply(target, args) as AsyncIterable<unknown>, calls)
      }
      if (typeof name !== 'string' || !counted.has(name))
        return (...args: unknown[]) => method.apply(target, args)
      return async (...args: unknown[]) =>
        await calls.count(async () => await (method.apply(target, args) as Promise<unknown>))
    },
  })
}

async function* countedList(list: AsyncIterable<unknown>, calls: OpenCalls): AsyncGenerator<unknown> {
  const iterator = list[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await calls.count(async () => await iterator.next())
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await iterator.return?.()
  }
}
