import type { Address } from '@cairnkit/conformance/faults'
import {
  type CallOptions,
  type Classification,
  DriverFault,
  type StorageDriver,
  withDeadline,
} from '@cairnkit/core/driver'
import type { Fault } from '../proof/proof.js'
import { RemoteDriver } from '../support/remote-driver.js'

export type RemoteDriverClass = new (
  address: Address,
  capabilities: StorageDriver['capabilities'],
  timeoutMs: number,
) => StorageDriver

/** A driver that deals with its network in a wrong way, and tests that must notice. */
export interface BrokenRemoteDriver extends Fault {
  readonly Driver: RemoteDriverClass
}

export const faultsOfNetworks: readonly BrokenRemoteDriver[] = [
  {
    name: 'sends a call again whose answer was lost',
    Driver: class extends RemoteDriver {
      protected override async call(
        message: Parameters<RemoteDriver['call']>[0],
        options: CallOptions,
      ): Promise<unknown> {
        try {
          return await super.call(message, options)
        } catch (cause) {
          if (!DriverFault.isInstance(cause) || cause.disposition !== 'ambiguous') throw cause
          return await super.call(message, options)
        }
      }
    },
    noticedBy: [
      'tells the truth of a commit when its connection is closed after a call was carried out',
      'tells the truth of a drop',
    ],
  },
  {
    name: 'says of a call that it was not sent when its answer was lost',
    Driver: class extends RemoteDriver {
      protected override whenLost(): Classification {
        return { code: 'unavailable', disposition: 'transient' }
      }
    },
    noticedBy: [
      'tells the truth of a commit when its connection is reset after a call was carried out',
      'tells the truth of each of 20 calls that are under way',
    ],
  },
  {
    name: 'acknowledges a call whose connection was lost',
    Driver: class extends RemoteDriver {
      protected override onLost(call: Parameters<RemoteDriver['onLost']>[0]): void {
        call.resolve({ ok: true, created: false, epoch: null })
      }
    },
    noticedBy: ['tells the truth of a commit when its connection is closed before a call was sent'],
  },
  {
    name: 'reads nothing when its connection was lost',
    Driver: class extends RemoteDriver {
      protected override onLost(call: Parameters<RemoteDriver['onLost']>[0]): void {
        call.resolve([{ type: 'range', records: [], objects: new Map() }])
      }
    },
    noticedBy: ['reads the truth or fails, and never reads nothing'],
  },
  {
    name: 'never connects again',
    Driver: class extends RemoteDriver {
      protected override onConnectionLost(): void {
        // It keeps the connection that is gone.
      }
    },
    noticedBy: ['goes on after connections that were lost while nothing was asked'],
  },
  {
    name: 'waits without end',
    Driver: class extends RemoteDriver {
      protected override async guard<T>(work: Promise<T>): Promise<T> {
        return await work
      }
    },
    noticedBy: [
      'ends a commit in time when nothing is answered, and goes on when it is again',
      'gives up when its signal fires while nothing answers, and does not know',
    ],
  },
  {
    name: 'takes what it writes to a connection for a sign of its life',
    Driver: class extends RemoteDriver {
      #silence: NodeJS.Timeout | undefined

      protected override exchange(...sent: Parameters<RemoteDriver['exchange']>): Promise<unknown> {
        clearTimeout(this.#silence)
        this.#silence = setTimeout(() => this.abandon(), 3000).unref()
        return super.exchange(...sent)
      }

      protected override guard<T>(work: Promise<T>, options: CallOptions): Promise<T> {
        return withDeadline(work, options.timeoutMs ?? 5000, options.signal)
      }
    },
    noticedBy: ['leaves connections that fell silent, though it is asked without a pause'],
  },
  {
    name: 'says of a call that is late that it was not applied',
    Driver: class extends RemoteDriver {
      protected override async guard<T>(work: Promise<T>, options: CallOptions): Promise<T> {
        try {
          return await super.guard(work, options)
        } catch (cause) {
          if (!DriverFault.isInstance(cause) || cause.code !== 'timeout') throw cause
          throw new DriverFault({ code: 'timeout', disposition: 'transient' }, cause.message)
        }
      }
    },
    noticedBy: ['gives up on a request that is later than the call may take, and does not know'],
  },
  {
    name: 'sends what waited in a queue after it was given up',
    Driver: class extends RemoteDriver {
      readonly #queue: Parameters<RemoteDriver['call']>[0][] = []

      protected override async call(
        message: Parameters<RemoteDriver['call']>[0],
        options: CallOptions,
      ): Promise<unknown> {
        try {
          const answer = await super.call(message, options)
          for (const queued of this.#queue.splice(0)) await super.call(queued, options)
          return answer
        } catch (cause) {
          if (DriverFault.isInstance(cause) && cause.disposition === 'transient') this.#queue.push(message)
          throw cause
        }
      }
    },
    noticedBy: ['applies nothing late that it said was not applied while connections were refused'],
  },
]
