import { PlainSaver } from '../support/plain-saver/plain-saver.js'
import type { Namespace, StoredCheckpoint } from '../support/plain-saver/plain-storage.js'
import type { BrokenSaver } from './broken-saver.js'

type Prune = Parameters<PlainSaver['prune']>

/** What prune, copyThread and deleteForRuns remove, keep and copy. */
export const faultsOfMaintenance: readonly BrokenSaver[] = [
  {
    name: 'keeps the oldest checkpoint when it prunes',
    Saver: class extends PlainSaver {
      protected override keptId({ checkpoints }: Namespace): string | undefined {
        return [...checkpoints.keys()].sort()[0]
      }
    },
    noticedBy: [
      'keeps the latest of one thread',
      'keeps the latest of several threads',
      'keeps the latest of each namespace',
      'goes on after it',
    ],
  },
  {
    name: 'drops the pending writes of what it keeps',
    Saver: class extends PlainSaver {
      protected override removeFrom(...[namespace, isGone]: Parameters<PlainSaver['removeFrom']>): void {
        super.removeFrom(namespace, isGone)
        namespace.writes.clear()
      }
    },
    noticedBy: ['keeps the writes of what it keeps'],
  },
  {
    name: 'deletes the root graph and leaves subgraphs',
    Saver: class extends PlainSaver {
      protected override removeNamespace(threadId: string, name: string): void {
        if (name === '') super.removeNamespace(threadId, name)
      }
    },
    noticedBy: ['deletes all'],
  },
  {
    name: 'prunes all threads, whichever were named',
    Saver: class extends PlainSaver {
      override async prune(...[, options]: Prune): Promise<void> {
        await super.prune([...this.storage.threads.keys()], options)
      }
    },
    noticedBy: ['leaves other threads alone', 'does nothing for no threads, and for one that is not there'],
  },
  {
    name: 'copies no pending writes',
    Saver: class extends PlainSaver {
      protected override copyTo(target: Namespace, source: Namespace): void {
        super.copyTo(target, { ...source, writes: new Map() })
      }
    },
    noticedBy: ['copies all checkpoints with values, metadata, writes and order'],
  },
  {
    name: 'gives the copy the checkpoints of the source instead of their own',
    Saver: class extends PlainSaver {
      override async copyThread(source: string, target: string): Promise<void> {
        const thread = this.storage.threads.get(source)
        if (thread !== undefined) this.storage.threads.set(target, thread)
      }
    },
    noticedBy: ['copies a thread that goes on by itself'],
  },
  {
    name: 'takes a thread that is not there for a mistake',
    Saver: class extends PlainSaver {
      override async copyThread(source: string, target: string): Promise<void> {
        if (!this.storage.threads.has(source)) throw new Error('There is no such thread')
        await super.copyThread(source, target)
      }
    },
    noticedBy: ['copies nothing of a thread that is not there'],
  },
  {
    name: 'removes what runs stored from the root graph alone',
    Saver: class extends PlainSaver {
      protected override isOfRuns(
        checkpoint: StoredCheckpoint,
        runIds: readonly string[],
        namespace: string,
      ): boolean {
        return namespace === '' && super.isOfRuns(checkpoint, runIds, namespace)
      }
    },
    noticedBy: ['removes what one run stored, with its writes, in all namespaces'],
  },
  {
    name: 'removes what the first of several runs stored',
    Saver: class extends PlainSaver {
      override async deleteForRuns(runIds: readonly string[]): Promise<void> {
        await super.deleteForRuns(runIds.slice(0, 1))
      }
    },
    noticedBy: ['removes what several runs stored, in several threads'],
  },
  {
    name: 'removes what no run has stored',
    Saver: class extends PlainSaver {
      protected override isOfRuns(...[checkpoint, ...rest]: Parameters<PlainSaver['isOfRuns']>): boolean {
        return checkpoint.runId === undefined || super.isOfRuns(checkpoint, ...rest)
      }
    },
    noticedBy: ['does nothing for no runs, and for one that is not there'],
  },
]
