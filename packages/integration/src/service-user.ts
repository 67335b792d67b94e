import type { Lab } from '@cairnkit/redis-lab'
import { knownTo } from './known-to.js'
import { type ManagedService, managedServices, rightsOf } from './managed-services.js'
import { rightsOfReadme } from './rights-of-readme.js'

export interface User {
  readonly username: string
  readonly password: string
}

/** Who the drivers of a cell with a service are. */
export const serviceUser: User = { username: 'service', password: 'its-password' }

export function serviceNamed(name: string): ManagedService {
  const found = managedServices.find((service) => service.name === name)
  if (found === undefined) throw new Error(`No service is called ${JSON.stringify(name)}`)
  return found
}

/** Makes a user who may do what the service publishes, on every server that holds data. Commands that it has not are left out. */
export async function setServiceUser(
  lab: Lab,
  service: ManagedService,
  { username, password }: User,
): Promise<void> {
  const [{ commands }] = rightsOfReadme()
  const rights = rightsOf(service, commands)
  const isCategory = (name: string): boolean => name.startsWith('@')
  const names = rights.map(([, name]) => name).filter((name) => !isCategory(name))
  const known = await knownTo(lab.nodes[0], names)
  const rules = rights
    .filter(([, name]) => isCategory(name) || known.includes(name))
    .map(([sign, name]) => `${sign}${name}`)
  for (const node of lab.nodes)
    await node.command('ACL', 'SETUSER', username, 'reset', 'on', `>${password}`, '~*', '&*', ...rules)
}
