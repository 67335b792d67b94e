import type { ObjectId, Read } from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import type { RedisReply } from '../../redis-transport.js'
import type { PartitionScripts } from '../script/partition-scripts.js'
import { listReply } from '../script/reply.js'
import { scripts } from '../scripts.generated.js'
import { type Budget, type ReadRequest, readArguments, readRequest } from './read-arguments.js'
import { type ReadReply, decodeReadPage } from './read-reply.js'

interface PagedReply extends ReadReply {
  /** The objects of most records were not looked for yet. */
  readonly isInPages: boolean
}

/**
 * A script that gives many records keeps the server from serving others, so it gives as many as fit, and others give the
 * rest. Each of them first looks whether the instant of the first one is still there: whether any record has changed, come
 * or gone since. So all answers are of one instant, or there are none.
 */
export class PagedRead {
  readonly #scripts: PartitionScripts
  readonly #key: Uint8Array
  readonly #requests: readonly ReadRequest[]
  readonly #held: readonly ObjectId[]

  constructor(
    partitionScripts: PartitionScripts,
    key: Uint8Array,
    reads: readonly Read[],
    held: readonly ObjectId[],
  ) {
    this.#scripts = partitionScripts
    this.#key = key
    this.#requests = reads.map(readRequest)
    this.#held = held
  }

  /** Issues the first script in the tick it is called. `undefined`: the partition was changed between two of them. */
  async run(budget: Budget, call: Call): Promise<PagedReply | undefined> {
    const pieces = this.#requests.map((): RedisReply[] => [])
    let asked = this.#requests.map((request, position) => ({ request, position }))
    let instant: Uint8Array | undefined
    for (;;) {
      const requests = asked.map(({ request }) => request)
      const args = readArguments(requests, budget, this.#held, instant)
      const page = decodeReadPage(await this.#scripts.run(scripts.read, this.#key, args, call))
      if (page === undefined) return undefined
      for (const [at, answer] of page.answers.entries()) pieces[asked[at]?.position ?? at]?.push(answer)
      if (page.rest === undefined)
        return { ...page, answers: pieces.map(joined), isInPages: instant !== undefined }
      instant = page.rest.instant
      const answered = page.answers.length
      const position = asked[answered - 1]?.position ?? 0
      asked = [...page.rest.requests.map((request) => ({ request, position })), ...asked.slice(answered)]
    }
  }
}

/** Only lists come in pieces. */
function joined(pieces: readonly RedisReply[]): RedisReply {
  const [first] = pieces
  return pieces.length === 1 && first !== undefined ? first : pieces.flatMap(listReply)
}
