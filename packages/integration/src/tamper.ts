import type { StorageDriverHarness } from '@cairnkit/conformance'
import { encodeKey } from '@cairnkit/core/driver'
import type { CellUnderTest } from './cell-under-test.js'
import { primaryOfKey } from './primary-of-key.js'
import type { Lab } from '@cairnkit/redis-lab'

/** Members begin with these, see the table of the encoding in redis-kernel. */
const OBJECT = Buffer.from('o')
const RECORD = Buffer.from('r')

/** Where the format version stands in a stored value, behind its name. */
const VERSION_AT = 0

/** The hands of an operator who damages what is stored, where they can reach it. */
export function tamperOf(cell: CellUnderTest): Pick<StorageDriverHarness, 'tamper'> {
  const { lab, keyPrefix } = cell
  if (lab === undefined) return {}
  const keyOf = (partition: string): string => `${keyPrefix}:{${partition}}`
  const objectName = (id: string): Buffer => Buffer.concat([OBJECT, Buffer.from(id, 'hex')])
  const recordName = (key: readonly string[]): Buffer => Buffer.concat([RECORD, encodeKey(key)])
  return {
    tamper: {
      deleteObject: async (_driver, partition, id) => {
        const key = keyOf(partition)
        const member = await memberOf(lab, key, objectName(id))
        await replace(lab, key, member, undefined)
      },
      damageObject: async (_driver, partition, id) => {
        const key = keyOf(partition)
        const member = await memberOf(lab, key, objectName(id))
        await replace(lab, key, member, flipped(member, member.length - 1))
      },
      damageRecord: async (_driver, partition, recordKey) => {
        const key = keyOf(partition)
        const member = await memberOf(lab, key, recordName(recordKey))
        await replace(lab, key, member, flipped(member, member.length - 1))
      },
      ageRecord: async (_driver, partition, recordKey) => {
        const key = keyOf(partition)
        const name = recordName(recordKey)
        const member = await memberOf(lab, key, name)
        const newer = Buffer.from(member)
        newer[name.length + VERSION_AT] = 0x7f
        await replace(lab, key, member, newer)
      },
      occupyPartition: async (_driver, partition) => {
        const key = keyOf(partition)
        const node = await primaryOfKey(lab, key)
        await node.command('DEL', key)
        await node.command('SET', key, 'somebody else was here')
      },
    },
  }
}

/** The one member that begins with `name`. */
async function memberOf(lab: Lab, key: string, name: Buffer): Promise<Buffer> {
  const node = await primaryOfKey(lab, key)
  const members = (await node.commandBytes('ZRANGE', key, '0', '-1')) as Buffer[]
  const found = members.find((member) => Buffer.from(member).subarray(0, name.length).equals(name))
  if (found === undefined) throw new Error(`${key} has no member ${name.toString('hex')}`)
  return Buffer.from(found)
}

async function replace(lab: Lab, key: string, member: Buffer, by: Buffer | undefined): Promise<void> {
  const node = await primaryOfKey(lab, key)
  const removed = await node.command('ZREM', key, member)
  if (removed !== 1) throw new Error(`${key} lost a member before it could be changed`)
  if (by !== undefined) await node.command('ZADD', key, '0', by)
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] as number) ^ 0xff
  return changed
}
