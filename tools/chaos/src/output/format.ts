export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

/** With commas between thousands. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}
