import { StorageError } from '@cairnkit/langgraph'

/** A mistake of the person at the keyboard: its message says all there is to say. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
}

/** Runs a program to its end. What a person can act on is told in one message, anything else is a bug with its stack. */
export async function runProgram(program: () => Promise<void>): Promise<void> {
  try {
    await program()
  } catch (error) {
    const expected = StorageError.isInstance(error) || error instanceof UserError
    console.error(expected ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}
