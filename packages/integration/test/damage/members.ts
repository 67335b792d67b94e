import type { Lab, LabNode } from '@cairnkit/redis-lab'
import { primaryOfKey } from '../../src/primary-of-key.js'

/** The sorted set of a thread: the score of each member, by its bytes as Latin-1. */
export type Members = ReadonlyMap<string, string>

export type MemberKind = 'epoch' | 'object' | 'part' | 'record'

const kinds: Readonly<Record<string, MemberKind>> = { e: 'epoch', o: 'object', p: 'part', r: 'record' }
const OBJECT_NAME = 1 + 16
const PART_NAME = OBJECT_NAME + 4

export function kindOf(member: string): MemberKind | undefined {
  return kinds[member[0] ?? '']
}

/** What a member is found by; what follows is its value. See `tags.ts` in redis-kernel. */
export function nameOf(member: string): string {
  switch (kindOf(member)) {
    case 'object':
      return member.slice(0, OBJECT_NAME)
    case 'part':
      return member.slice(0, PART_NAME)
    case 'record':
      return member.slice(0, member.indexOf('\0') + 1)
    case 'epoch':
    case undefined:
      return member.slice(0, 1)
  }
}

/** The records of `before` of which `after` has none of the same name any more: that they were there cannot be told. */
export function lostRecords(before: Members, after: Members): readonly string[] {
  const left = new Set([...after.keys()].map(nameOf))
  return [...before.keys()].filter((member) => kindOf(member) === 'record' && !left.has(nameOf(member)))
}

/** One key of a server, as a person with `redis-cli` has it in hand. */
export class StoredKey {
  readonly key: string
  readonly #node: LabNode
  readonly #dump: Buffer
  readonly members: Members

  /** Remembers what the key holds now. */
  static async open(lab: Lab, key: string): Promise<StoredKey> {
    const node = await primaryOfKey(lab, key)
    const dump = (await node.commandBytes('DUMP', key)) as Buffer
    const flat = (await node.commandBytes('ZRANGE', key, '0', '-1', 'WITHSCORES')) as Buffer[]
    const texts = flat.map((bytes) => Buffer.from(bytes).toString('latin1'))
    const members = new Map<string, string>()
    for (let at = 0; at < texts.length; at += 2) members.set(texts[at] as string, texts[at + 1] as string)
    return new StoredKey(key, node, Buffer.from(dump), members)
  }

  private constructor(key: string, node: LabNode, dump: Buffer, members: Members) {
    this.key = key
    this.#node = node
    this.#dump = dump
    this.members = members
  }

  /** The key as it was, with these changes: a score for each member, `undefined` for one that goes. */
  async write(after: Members = this.members): Promise<void> {
    await this.#node.command('RESTORE', this.key, '0', this.#dump, 'REPLACE')
    const added = [...after].filter(([member, score]) => this.members.get(member) !== score)
    const removed = [...this.members.keys()].filter((member) => !after.has(member))
    // Added first: a sorted set that loses its last member is gone.
    for (const [member, score] of added)
      await this.#node.command('ZADD', this.key, score, Buffer.from(member, 'latin1'))
    for (const member of removed) await this.#node.command('ZREM', this.key, Buffer.from(member, 'latin1'))
  }
}
