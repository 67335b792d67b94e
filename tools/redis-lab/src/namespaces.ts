import { type SpawnOptions, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { text } from 'node:stream/consumers'
import type { Watchdog } from './watchdog.js'

/** Networks that may be there at once: `10.213.<number>.0/24`. */
const NETWORKS = 256

/**
 * A network namespace for each server of a lab, joined by a bridge: a server can be cut off from all others and from
 * this process while it runs on. The watchdog removes what is made here.
 */
export class Namespaces {
  readonly #network: number

  private constructor(network: number) {
    this.#network = network
  }

  static async open(count: number, watchdog: Watchdog): Promise<Namespaces> {
    const names = new Namespaces(await claimBridge())
    watchdog.undo(`ip link del ${bridgeOf(names.#network)}`)
    await ip([
      `addr add ${names.#host(254)}/24 dev ${bridgeOf(names.#network)}`,
      `link set ${bridgeOf(names.#network)} up`,
    ])
    for (let index = 0; index < count; index++) await names.#add(index, watchdog)
    return names
  }

  address(index: number): string {
    return this.#host(index + 1)
  }

  /** The words that run a program in the namespace of the n-th server; the program takes over the process. */
  enter(index: number): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name(index)]
  }

  /** Lets nothing in or out. Connections stay open, as they do when a cable is pulled. */
  async cut(index: number): Promise<void> {
    await ip([`link set ${this.#cable(index)} down`])
  }

  async mend(index: number): Promise<void> {
    await ip([`link set ${this.#cable(index)} up`])
  }

  async #add(index: number, watchdog: Watchdog): Promise<void> {
    const name = this.#name(index)
    watchdog.undo(`ip netns del ${name}`)
    // The kernel takes its time to remove a namespace, and the cable with it.
    watchdog.undo(`ip link del ${this.#cable(index)}`)
    await ip([
      `netns add ${name}`,
      `link add ${this.#cable(index)} type veth peer name eth0 netns ${name}`,
      `link set ${this.#cable(index)} master ${bridgeOf(this.#network)}`,
      `link set ${this.#cable(index)} up`,
    ])
    await ip(
      [`addr add ${this.address(index)}/24 dev eth0`, 'link set eth0 up', 'link set lo up'],
      ['-n', name],
    )
  }

  #host(last: number): string {
    return `10.213.${this.#network}.${last}`
  }

  #name(index: number): string {
    return `${bridgeOf(this.#network)}-${index}`
  }

  #cable(index: number): string {
    return `cairn${this.#network}n${index}`
  }
}

let usable: Promise<boolean> | undefined

/** Whether this process may make network namespaces: on Linux, as root, with `ip` installed. Tried once. */
export function namespacesWork(): Promise<boolean> {
  usable ??= tryNamespace()
  return usable
}

async function tryNamespace(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const name = `cairn-probe-${process.pid}-${randomInt(1e6)}`
  try {
    await ip([`netns add ${name}`])
  } catch {
    // Whatever the reason, there are none to be had here.
    return false
  }
  try {
    await ip([`link add cairnp${randomInt(1e6)} type veth peer name eth0 netns ${name}`])
    return true
  } catch {
    // A kernel without virtual cables: as good as none.
    return false
  } finally {
    await ip([`netns del ${name}`])
  }
}

function bridgeOf(network: number): string {
  return `cairn-lab${network}`
}

/** To add a bridge fails if there is one of that name: so two labs never share a network. */
async function claimBridge(): Promise<number> {
  let reason: unknown
  for (let attempt = 0; attempt < 20; attempt++) {
    const network = randomInt(NETWORKS)
    try {
      await ip([`link add ${bridgeOf(network)} type bridge`])
      return network
    } catch (error) {
      reason = error
    }
  }
  throw new Error('No network for this lab: network namespaces need Linux, root and the program ip', {
    cause: reason,
  })
}

async function ip(lines: readonly string[], options: readonly string[] = []): Promise<void> {
  const how: SpawnOptions = { stdio: ['pipe', 'ignore', 'pipe'] }
  const child = spawn('ip', [...options, '-batch', '-'], how)
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  // A program that cannot start closes its pipe; `code` tells why.
  child.stdin?.on('error', () => undefined).end(`${lines.join('\n')}\n`)
  const said = child.stderr === null ? '' : text(child.stderr)
  if ((await code) !== 0) throw new Error(`ip ${lines.join('; ')}: ${(await said).trim()}`)
}
