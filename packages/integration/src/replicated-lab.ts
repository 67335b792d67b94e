import {
  type Lab,
  type LabNode,
  type StartLabOptions,
  type TopologyKind,
  replicasInStep,
  startLab,
  waitFor,
} from '@cairnkit/redis-lab'

/** Servers with replicas that can be stopped. */
export interface ReplicatedLab extends AsyncDisposable {
  readonly lab: Lab
  /** How many replicas each primary has. */
  readonly replicasEach: number
  /** SIGSTOP to every replica. */
  stall(): Promise<void>
  /** Lets them go on; resolves when they have all that they missed. */
  resume(): Promise<void>
}

/** A topology of its own with replicas; a single server is given one. */
export async function startReplicatedLab(
  topology: TopologyKind,
  options: StartLabOptions = {},
): Promise<ReplicatedLab> {
  const lab = await startLab(topology, options)
  switch (lab.kind) {
    case 'standalone':
    case 'standalone-tls': {
      const second = await startLab(lab.kind, options)
      const [replica] = second.nodes
      if (lab.kind === 'standalone-tls') await trust(replica, lab)
      await replica.command('REPLICAOF', lab.nodes[0].host, String(lab.nodes[0].port))
      return await replicated(lab, [replica], 1, async () => await second.stop())
    }
    case 'sentinel':
      return await replicated(lab, lab.nodes.slice(1), 2)
    case 'cluster':
      return await replicated(lab, lab.nodes.slice(3), 1)
  }
}

async function replicated(
  lab: Lab,
  replicas: readonly LabNode[],
  replicasEach: number,
  stopMore: () => Promise<void> = async () => {},
): Promise<ReplicatedLab> {
  const primaries = lab.nodes.filter((node) => !replicas.includes(node))
  const inStep = async (): Promise<void> => {
    await waitFor('every replica has what its primary has', async () => {
      await Promise.all(primaries.map(async (primary) => await replicasInStep(primary, replicasEach)))
      return true
    })
  }
  await inStep()
  return {
    lab,
    replicasEach,
    stall: async () => {
      await Promise.all(replicas.map(async (replica) => await replica.pause()))
    },
    resume: async () => {
      await Promise.all(replicas.map(async (replica) => await replica.resume()))
      await inStep()
    },
    [Symbol.asyncDispose]: async () => {
      await stopMore()
      await lab.stop()
    },
  }
}

/** Has a server replicate over TLS, from one that another authority vouches for. */
async function trust(
  replica: LabNode,
  {
    caFile,
    adminUsername,
    adminPassword,
  }: { readonly caFile: string; readonly adminUsername: string; readonly adminPassword: string },
): Promise<void> {
  const settings = [
    ['tls-ca-cert-file', caFile],
    ['tls-replication', 'yes'],
    ['masteruser', adminUsername],
    ['masterauth', adminPassword],
  ] as const
  for (const [name, value] of settings) await replica.command('CONFIG', 'SET', name, value)
}
