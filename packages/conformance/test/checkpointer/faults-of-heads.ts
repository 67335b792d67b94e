import { type Found, PlainSaver } from '../support/plain-saver/plain-saver.js'
import type { Namespace, StoredCheckpoint } from '../support/plain-saver/plain-storage.js'
import type { BrokenSaver } from './broken-saver.js'

/** Which checkpoint is the head, where clocks differ. */
export const faultsOfHeads: readonly BrokenSaver[] = [
  {
    name: 'takes the largest id for the head',
    Saver: class extends PlainSaver {
      protected override becomesHead(): boolean {
        return false
      }
    },
    noticedBy: [
      'a checkpoint that is put on the head is the head, whatever its id',
      'so it is for one that remembers what it has put',
      'so it is in each namespace, and with the writes that came before it',
      'the history of a delta channel is that of the head',
    ],
  },
  {
    name: 'takes every child for the head',
    Saver: class extends PlainSaver {
      protected override becomesHead(_stored: Namespace, { parentId }: StoredCheckpoint): boolean {
        return parentId !== undefined
      }
    },
    noticedBy: [
      'a fork is the head only if its id is the largest',
      'of two that are put on one head the first is the head, and the second is judged by its id',
      'a thread that is moved in the order of its ids, or against it, has the newest as its head',
    ],
  },
  {
    name: 'takes a copy for the head',
    Saver: class extends PlainSaver {
      protected override becomesHead(stored: Namespace, checkpoint: StoredCheckpoint): boolean {
        return checkpoint.parentId === undefined || super.becomesHead(stored, checkpoint)
      }
    },
    noticedBy: ['a copy is the head only if its id is the largest'],
  },
  {
    name: 'takes a checkpoint that is put again for the head',
    Saver: class extends PlainSaver {
      protected override becomesHead(stored: Namespace, checkpoint: StoredCheckpoint): boolean {
        return stored.checkpoints.has(checkpoint.id) || super.becomesHead(stored, checkpoint)
      }
    },
    noticedBy: ['a checkpoint that is put again changes nothing'],
  },
  {
    name: 'keeps the heads of a deleted thread',
    Saver: class extends PlainSaver {
      override async deleteThread(threadId: string): Promise<void> {
        const namespaces = [...(this.storage.threads.get(threadId) ?? [])]
        await super.deleteThread(threadId)
        for (const [namespace, { heads }] of namespaces) {
          const stored = this.storage.openNamespace(threadId, namespace)
          for (const [largest, id] of heads) stored.heads.set(largest, id)
        }
      }
    },
    noticedBy: ['a deleted thread has no head, and begins anew'],
  },
  {
    name: 'keeps a head for ever',
    Saver: class extends PlainSaver {
      protected override latestId(stored: Namespace): string | undefined {
        return [...stored.heads.values()].at(-1) ?? super.latestId(stored)
      }
    },
    noticedBy: ['a fork is the head only if its id is the largest'],
  },
  {
    name: 'lists the head first',
    Saver: class extends PlainSaver {
      protected override inListingOrder(all: readonly Found[]): Found[] {
        const listed = super.inListingOrder(all)
        const isHead = ({ threadId, namespace, checkpoint }: Found): boolean =>
          this.latestId(this.storage.namespace(threadId, namespace)) === checkpoint.id
        return [...listed.filter(isHead), ...listed.filter((found) => !isHead(found))]
      }
    },
    noticedBy: ['a listing is in the order of ids, and before a checkpoint means before its id'],
  },
]
