import { Keyspace, type StorageDriver } from '@cairnkit/core'
import type { LabNode } from '@cairnkit/redis-lab'
import { expect } from 'vitest'

/** The name that the driver's own connections have, and no other. */
export const OURS = 'duplicated'

async function ours(nodes: readonly LabNode[]): Promise<number> {
  const lists = await Promise.all(nodes.map(async (node) => String(await node.command('CLIENT', 'LIST'))))
  return lists.join('\n').match(new RegExp(` name=${OURS} `, 'g'))?.length ?? 0
}

/** Uses a driver that duplicated a client: over connections of its own, which end with it. */
export async function useDuplicate(driver: StorageDriver, nodes: readonly LabNode[]): Promise<void> {
  await driver.open()
  const put = { type: 'put', key: ['k'], bytes: Buffer.from('v'), refs: [] } as const
  const partition = new Keyspace(driver, ['duplicate']).partition('p')
  expect(await partition.commit({ mutations: [put] })).toMatchObject({ ok: true })
  await expect.poll(() => ours(nodes)).toBeGreaterThan(0)
  await driver.close()
  await expect.poll(() => ours(nodes)).toBe(0)
}
