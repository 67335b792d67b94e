import type { Failure } from './failure.js'

/** What a server has lost, or holds instead. */
export const contents: readonly Failure[] = [
  {
    name: 'NOSCRIPT: the scripts were flushed',
    provoke: async ({ node }) => {
      await node.command('SCRIPT', 'FLUSH')
      return async () => {}
    },
    commit: 'ok',
    read: ['ok'],
  },
  {
    name: "WRONGTYPE: another program's value has taken the key",
    provoke: async ({ node, keys }) => {
      for (const key of keys) {
        await node.command('RENAME', key, `${key}:away`)
        await node.command('SET', key, 'somebody else was here')
      }
      return async () =>
        await Promise.all(keys.map(async (key) => await node.command('RENAME', `${key}:away`, key)))
    },
    commit: 'foreign, permanent',
    read: ['foreign, permanent'],
  },
]
