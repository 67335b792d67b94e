import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface CertificateFiles {
  readonly caFile: string
  readonly certificateFile: string
  readonly keyFile: string
}

/** What may be wrong with the certificate of a server. */
export type CertificateFlaw = 'other-name' | 'expired' | 'self-signed'

/** An authority of its own and a server certificate for localhost, made by `openssl`; EC keys take some 50 ms. */
export async function makeCertificates(directory: string): Promise<CertificateFiles> {
  const file = (name: string): string => join(directory, name)
  // A configuration of our own: what the machine's one adds to a certificate differs between distributions.
  await writeFile(file('openssl.cnf'), OPENSSL_CONFIG)
  await openssl([
    ...[
      'req',
      '-x509',
      ...NEW_KEY,
      '-config',
      file('openssl.cnf'),
      '-extensions',
      'authority',
      '-days',
      '30',
    ],
    ...['-subj', '/CN=Cairn redis-lab authority', '-keyout', file('ca.key'), '-out', file('ca.pem')],
  ])
  return await makeServerCertificate(directory)
}

/** A server certificate of the authority that `makeCertificates` made in this directory. */
export async function makeServerCertificate(
  directory: string,
  flaw?: CertificateFlaw,
): Promise<CertificateFiles> {
  const name = flaw ?? 'server'
  const file = (extension: string): string => join(directory, `${name}.${extension}`)
  const config = join(directory, 'openssl.cnf')
  const authority = [
    '-CA',
    join(directory, 'ca.pem'),
    '-CAkey',
    join(directory, 'ca.key'),
    '-set_serial',
    '1',
  ]
  await openssl([
    ...['req', '-new', ...NEW_KEY, '-config', config, '-subj', '/CN=localhost'],
    ...['-keyout', file('key'), '-out', file('csr')],
  ])
  await openssl([
    ...['x509', '-req', '-in', file('csr'), '-days', flaw === 'expired' ? '-1' : '30'],
    ...(flaw === 'self-signed' ? ['-signkey', file('key')] : authority),
    ...['-extfile', config, '-extensions', flaw === 'other-name' ? 'other' : 'server', '-out', file('pem')],
  ])
  return { caFile: join(directory, 'ca.pem'), certificateFile: file('pem'), keyFile: file('key') }
}

const NEW_KEY: readonly string[] = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

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
[other]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:elsewhere.example
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
