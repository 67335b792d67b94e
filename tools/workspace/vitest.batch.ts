import type { TestProjectConfiguration } from 'vitest/config'

/** Names of the projects that a process runs, as a JSON array; set by the test command, which runs several processes. */
export const batchVariable = 'CAIRN_BATCH'

/** What a project is called before vitest has loaded it: the path of its configuration, or its name. */
export function projectId(project: TestProjectConfiguration): string {
  if (typeof project === 'string') return project
  const name = 'test' in project ? project.test?.name : undefined
  if (typeof name === 'string') return name
  throw new Error(`A project has no name: ${JSON.stringify(project)}`)
}

/** The projects of this process. @default all */
export function projectsOfBatch(all: readonly TestProjectConfiguration[]): TestProjectConfiguration[] {
  const batch = process.env[batchVariable]
  if (batch === undefined) return [...all]
  const wanted = JSON.parse(batch) as readonly string[]
  return all.filter((project) => wanted.includes(projectId(project)))
}
