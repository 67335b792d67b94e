import { fileURLToPath } from 'node:url'

/** The root folder of the repository, without a trailing slash. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/** A file of this tool that is copied into projects. */
export function template(name: string): string {
  return fileURLToPath(new URL(`../templates/${name}`, import.meta.url))
}
