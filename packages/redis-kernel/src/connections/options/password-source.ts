import { DriverFault, redactSecrets, withDeadline } from '@cairnkit/core/driver'
import type { AskLogin, Login, LoginSource } from './connection-plan.js'

/** Gives `source` a time limit. If it fails, that is a transient fault that names the option; a wrong result is permanent. */
export function askLogin(name: string, source: LoginSource, timeoutMs: number): AskLogin {
  return async () => {
    const login = await settled(name, source, timeoutMs)
    if (typeof login === 'string' && login !== '') return { password: login }
    if (typeof login === 'object' && login !== null) return login
    const what = login === '' ? 'an empty text' : `no text, but ${login === null ? 'null' : typeof login}`
    throw new DriverFault(
      { code: 'auth', disposition: 'permanent' },
      `the function that was passed as ${name} gave ${what}`,
    )
  }
}

async function settled(name: string, source: LoginSource, timeoutMs: number): Promise<string | Login> {
  try {
    // Called in here, so that what it throws is a rejection.
    const asked = (async (): Promise<string | Login> => await source())()
    return await withDeadline(asked, timeoutMs, undefined, 'it gave no password')
  } catch (cause) {
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : 'no reason was given'
    throw new DriverFault(
      { code: 'auth', disposition: 'transient' },
      `the function that was passed as ${name} failed: ${redactSecrets(reason)}`,
    )
  }
}
