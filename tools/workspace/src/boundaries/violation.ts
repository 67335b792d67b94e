/** Something that the table forbids, at the place where it is written. */
export interface Violation {
  /** Path from the root of the repository. */
  readonly file: string
  readonly line: number
  readonly message: string
}

/** The line that a reader, and an editor, can follow. */
export function describeViolation({ file, line, message }: Violation): string {
  return `${file}:${line}: ${message}`
}
