import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface CertificateFiles {
  readonly caFile: string
  readonly certificateFile: string
  readonly keyFile: string
}

/** An authority of its own and a server certificate for localhost, made by `openssl`; EC keys take some 50 ms. */
export async function makeCertificates(directory: string): Promise<CertificateFiles> {
  const file = (name: string): string => join(directory, name)
  // A configuration of our own: what the machine's one adds to a certificate differs between distributions.
  await writeFile(file('openssl.cnf'), OPENSSL_CONFIG)
  const config = ['-config', file('openssl.cnf')]
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl([
    ...['req', '-x509', ...newKey, ...config, '-extensions', 'authority', '-days', '30'],
    ...['-subj', '/CN=Cairn redis-lab authority', '-keyout', file('ca.key'), '-out', file('ca.pem')],
  ])
  await openssl([
    ...['req', '-new', ...newKey, ...config, '-subj', '/CN=localhost'],
    ...['-keyout', file('server.key'), '-out', file('server.csr')],
  ])
  await openssl([
    ...['x509', '-req', '-in', file('server.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key')],
    ...['-set_serial', '1', '-days', '30', '-extfile', file('openssl.cnf'), '-extensions', 'server'],
    ...['-out', file('server.pem')],
  ])
  return { caFile: file('ca.pem'), certificateFile: file('server.pem'), keyFile: file('server.key') }
}

const OPENSSL_CONFIG = `[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
`

async function openssl(args: readonly string[]): Promise<void> {
  try {
    await run('openssl', args)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new Error(
        'The TLS lab makes its certificates with openssl, which is not on PATH: install openssl',
        { cause },
      )
    }
    throw cause
  }
}

const run = promisify(execFile)
