import { fileURLToPath } from 'node:url'
import { compilePrograms } from '@cairnkit/tool-kit/compile-programs'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the compiled programs of `src/chat` are. */
    readonly chatFolder: string
  }
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Compiles the programs that the tests start many times. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const sources = ['main', 'first-visit', 'second-visit'].map((name) => at(`../../src/chat/${name}.ts`))
  const programs = await compilePrograms(sources, at('../..'))
  project.provide('chatFolder', programs.folder)
  return async () => await programs[Symbol.asyncDispose]()
}
