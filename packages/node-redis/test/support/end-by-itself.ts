import { ConnectionLog, planConnection } from '@cairnkit/redis-kernel/connections'
import { createClient } from 'redis'
import { clusterClient } from '../../src/cluster.js'
import { forget } from './forget.js'

/**
 * Opens a cluster, forgets a node while it is connected, has the servers end every connection, and closes. Then nothing
 * is left to do.
 */
const [host = '', port = ''] = process.argv.slice(2)
const address = { host, port: Number(port) }

const plan = planConnection({ cluster: { nodes: [address] }, commandTimeoutMs: 1000 })
if (plan.kind !== 'cluster') throw new Error(plan.kind)
const kind = clusterClient(plan.settings)
const client = kind.create(new ConnectionLog())
await kind.open(client)
const node = client.masters.find((master) => master.address === `${host}:${port}`)
if (node === undefined) throw new Error('no such primary')

forget(node)
const connecting = client.nodeClient(node)
forget(node)
await connecting.catch(() => undefined)

const control = createClient({ socket: address })
await control.connect()
await control.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal'])
control.destroy()

await kind.destroy(client)
process.stdout.write('closed\n')
