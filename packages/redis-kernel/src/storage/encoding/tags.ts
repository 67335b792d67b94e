/**
 * A partition is one sorted set whose members all have score 0, so that they stand in the order of their bytes.
 * The first byte of a member tells what it is; each is a letter, for those who look with `redis-cli`.
 *
 * | member | what |
 * |---|---|
 * | `e`, 16 bytes | the epoch: the lowest member of every partition |
 * | `g`, 16 bytes | the generation: another one whenever records were changed or removed; only where there are many |
 * | `o`, 16 bytes of id, `w`, stored value | a whole object |
 * | `o`, 16 bytes of id, `s`, stored value | the head of a split object: see `split-value.ts` |
 * | `p`, 16 bytes of token, 4 bytes of number, bytes | a part of a split object or record |
 * | `q`, encoded key, 16 bytes of token | the record of this key is split, and its parts are named so |
 * | `r`, encoded key, stored value | a record; the head of a split one has a format version of its own: see `record-member.ts` |
 * | `w`, 16 bytes of token, 4 bytes of number, letter, mutation | an entry of the journal of a commit |
 * | `x`, 16 bytes of token, 16 bytes of id | a note: the parts of this object wait for their commit; or zeros, a journal does; or 16 times 0xff and an encoded key, the parts of that record |
 * | `z`, 12 bytes | a marker: the commit whose tokens begin so is decided, and its journal is being carried out |
 * | `tombstone` | the partition was dropped on purpose of late; there is no other member then, and the key expires |
 *
 * An encoded key ends in 0x00 and holds no other 0x00, so it is found by the first one. No encoded key holds 0xff, no
 * kind is 0xff and no part number begins with it: a name followed by 0xff is above all that begins with the name.
 */
export const tag = { epoch: 0x65, object: 0x6f, part: 0x70, record: 0x72, journal: 0x77, note: 0x78 } as const

export const kind = { whole: 0x77, split: 0x73 } as const

/** Above everything that begins with the name before it. Not for a tag alone: an id may begin with it. */
export const ABOVE = 0xff
