import { cairnLmdb, cairnMemory, cairnOnRedis } from './cairn.js'
import type { Contender } from './contender.js'
import { amongOthers, twinOf } from './crowded.js'
import { doesNothing, memorySaver } from './in-process.js'
import { least } from './least.js'
import { officialRedisSaver, postgresSaver, sqliteSaver } from './peers.js'

export const contenders: readonly Contender[] = [
  doesNothing,
  least,
  memorySaver,
  sqliteSaver,
  postgresSaver,
  officialRedisSaver,
  cairnMemory,
  cairnLmdb,
  ...cairnOnRedis,
]

export function contenderOf(id: string): Contender {
  const twin = twinOf(id)
  if (twin !== undefined) return amongOthers(contenderOf(twin))
  const contender = contenders.find((each) => each.id === id)
  if (contender === undefined) throw new TypeError(`No saver is named ${JSON.stringify(id)}`)
  return contender
}
