import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StandaloneTlsFacts } from '../facts.js'
import type { LabHost } from '../lab-host.js'
import { cairnUserRules } from '../tls/acl-rules.js'
import { makeCertificates } from '../tls/certificates.js'
import type { TopologyFacts } from './topology-facts.js'

/** One server that speaks TLS only, to a user with the least rights that Cairn needs and to an administrator. */
export async function startStandaloneTls(host: LabHost): Promise<TopologyFacts<StandaloneTlsFacts>> {
  if (host.options.network === 'namespaces')
    throw new TypeError('The certificate of standalone-tls is for localhost: it has no namespaces')
  const port = host.port(0)
  const [files, version] = await Promise.all([makeCertificates(host.directory), host.server.version()])
  const ca = await readFile(files.caFile, 'utf8')
  const user = { username: 'cairn', password: randomBytes(12).toString('hex') }
  const admin = { username: 'admin', password: randomBytes(12).toString('hex') }
  const aclFile = join(host.directory, 'users.acl')
  const rules = cairnUserRules(version, host.options.aclKeyPattern ?? 'cairn*')
  await writeFile(
    aclFile,
    [
      // Nobody can be this user, and the server replays its append-only file with its rights: without them Redis 7.0
      // drops every transaction in the file, which is what the writes of a script are, and starts without that data.
      'user default off ~* &* +@all',
      `user ${user.username} on >${user.password} ${rules.join(' ')}`,
      `user ${admin.username} on >${admin.password} ~* &* +@all`,
      '',
    ].join('\n'),
  )
  const primary = await host.start({
    name: 'primary-1',
    role: 'primary',
    port,
    secure: { ca, ...admin },
    config: [
      // `localhost` is ::1 first on many machines; the dash lets a machine without IPv6 go on.
      'bind 127.0.0.1 -::1',
      'port 0',
      `tls-port ${port}`,
      `tls-cert-file "${files.certificateFile}"`,
      `tls-key-file "${files.keyFile}"`,
      `tls-ca-cert-file "${files.caFile}"`,
      'tls-auth-clients no',
      `aclfile "${aclFile}"`,
      ...host.dataConfig(),
    ],
  })
  const query = `tlsCaFile=${encodeURIComponent(files.caFile).replaceAll('%2F', '/')}`
  return {
    kind: 'standalone-tls',
    url: `rediss://${user.username}:${user.password}@localhost:${port}?${query}`,
    nodes: [primary],
    caFile: files.caFile,
    ca,
    ...user,
    adminUsername: admin.username,
    adminPassword: admin.password,
  }
}
