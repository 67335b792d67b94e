import type { Readme } from '../documents/readme.js'
import type { ProjectName } from './kind.js'

/** The driver whose install line makes each project. */
const driverOf: Readonly<Record<ProjectName, string>> = {
  lmdb: '@cairnkit/lmdb',
  ioredis: '@cairnkit/ioredis',
  'node-redis': '@cairnkit/node-redis',
  next: '@cairnkit/ioredis',
  'langgraph-1.0': '@cairnkit/ioredis',
}

/** The packages of a project: a line of the README. Only the oldest LangGraph is asked for by its version. */
export function packagesOf(project: ProjectName, readme: Readme): readonly string[] {
  const line = readme.installLine(driverOf[project])
  if (project !== 'langgraph-1.0') return line
  return line.map((name) => (name === '@langchain/langgraph' ? `${name}@1.0.0` : name))
}
