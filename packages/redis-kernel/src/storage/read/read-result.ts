import type { ObjectMap, Read, ReadResult } from '@cairnkit/core/driver'
import { numberReply, listReply } from '../script/reply.js'
import type { Roots } from './closure.js'
import { type PendingRecord, type ReadReply, decodeNames, decodeRecords, groupRecords } from './read-reply.js'

/** A result that lacks only its objects. */
export interface Draft {
  readonly roots: Roots
  readonly finish: (objects: ObjectMap) => ReadResult
}

const NO_ROOTS: Roots = Object.freeze({ ids: [], records: [], follow: false })

/** Adds to `pending` the records of the result that lack their bytes: they have to have them before it is finished. */
export function draftResult(read: Read, position: number, reply: ReadReply, pending: PendingRecord[]): Draft {
  const answer = reply.answers[position]
  switch (read.type) {
    case 'get': {
      const records = decodeRecords(answer, pending)
      return {
        roots: { ids: [], records, follow: read.follow === 'all' },
        finish: (objects) => ({ type: 'get', record: records[0], objects }),
      }
    }
    case 'range': {
      const records = decodeRecords(answer, pending)
      return {
        roots: { ids: [], records, follow: read.follow === 'all' },
        finish: (objects) => ({ type: 'range', records, objects }),
      }
    }
    case 'groups': {
      const records = decodeRecords(answer, pending)
      const groups = groupRecords(read, records)
      return {
        roots: { ids: [], records, follow: read.follow === 'all' },
        finish: (objects) => ({ type: 'groups', groups, objects }),
      }
    }
    case 'names': {
      const names = decodeNames(answer)
      return { roots: NO_ROOTS, finish: () => ({ type: 'names', names }) }
    }
    case 'count': {
      const count = numberReply(answer)
      return { roots: NO_ROOTS, finish: () => ({ type: 'count', count }) }
    }
    case 'time': {
      const nowMs = numberReply(answer)
      return { roots: NO_ROOTS, finish: () => ({ type: 'time', nowMs }) }
    }
    case 'objects':
      return {
        roots: { ids: read.ids, records: [], follow: read.follow === 'all' },
        finish: (objects) => ({ type: 'objects', objects }),
      }
    case 'info': {
      const [ttl, records, objects, dropped] = listReply(answer).map(numberReply)
      const ttlMs = ttl === undefined || ttl < 0 ? null : ttl
      return {
        roots: NO_ROOTS,
        finish: () => ({
          type: 'info',
          epoch: reply.epoch,
          ttlMs,
          records: records ?? 0,
          objects: objects ?? 0,
          dropped: dropped === 1,
        }),
      }
    }
  }
}
