import type { LabNode } from '@cairnkit/redis-lab'
import { type Failure, type FailureScene, lost, refused } from './failure.js'

/** What a server says to a user that may not. */
export const rights: readonly Failure[] = [
  {
    name: 'WRONGPASS: the password was changed and the connection lost',
    provoke: async (scene) => {
      await onAll(scene, (node) =>
        node.command('ACL', 'SETUSER', scene.user.username, 'resetpass', '>another'),
      )
      await disconnected(scene)
      return async () =>
        await onAll(scene, (node) =>
          node.command('ACL', 'SETUSER', scene.user.username, 'resetpass', `>${scene.user.password}`),
        )
    },
    commit: 'auth, permanent',
    read: ['auth, permanent'],
    before: [lost, refused],
  },
  {
    name: 'NOAUTH: the server asks for a password that nobody has told the driver',
    impossible: { 'standalone-tls': 'nobody connects there without a user' },
    anonymous: true,
    provoke: async ({ node }) => {
      await node.command('CONFIG', 'SET', 'requirepass', 'secret')
      // But for the connection that says so.
      await node.command('CLIENT', 'KILL', 'USER', 'default', 'TYPE', 'normal')
      return async () => await node.command('CONFIG', 'SET', 'requirepass', '')
    },
    commit: 'auth, permanent',
    read: ['auth, permanent'],
    before: [lost, refused],
  },
  {
    name: 'NOPERM: the user may not run scripts any more',
    provoke: (scene) => limited(scene, '-evalsha', '-eval', '-evalsha_ro', '-eval_ro'),
    commit: 'forbidden, permanent',
    read: ['forbidden, permanent'],
  },
  {
    name: 'NOPERM: the user may not run a command that is in a script',
    provoke: (scene) => limited(scene, '-zadd'),
    commit: 'forbidden, permanent',
    read: ['ok'],
  },
  {
    name: 'NOPERM: the key is none of those that the user may use',
    provoke: (scene) => limited(scene, 'resetkeys', '~elsewhere:*'),
    commit: 'forbidden, permanent',
    read: ['forbidden, permanent'],
  },
]

/** A user that may do everything, on every server. */
export async function allowEverything(node: LabNode, user: FailureScene['user']): Promise<void> {
  const rules = ['reset', 'on', `>${user.password}`, '~*', '&*', '+@all']
  await node.command('ACL', 'SETUSER', user.username, ...rules)
}

async function limited(scene: FailureScene, ...rules: string[]): Promise<() => Promise<unknown>> {
  await onAll(scene, (node) => node.command('ACL', 'SETUSER', scene.user.username, ...rules))
  return async () => await onAll(scene, (node) => allowEverything(node, scene.user))
}

async function onAll({ lab }: FailureScene, work: (node: LabNode) => Promise<unknown>): Promise<void> {
  await Promise.all(lab.nodes.map(work))
}

/** Ends every connection of the driver. */
export async function disconnected(scene: FailureScene): Promise<void> {
  await onAll(scene, (node) => node.command('CLIENT', 'KILL', 'USER', scene.user.username))
}
