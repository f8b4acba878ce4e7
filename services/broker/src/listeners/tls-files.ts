// The files of TLS: certificate, key, authorities of the devices, revocation list. Read together, and every
// problem of them is told together.
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { type SecureContextOptions, createSecureContext } from 'node:tls'
import { AppError } from '@ronda/contracts/errors'
import type { Environment } from '@ronda/contracts/environment'
import { type Revocations, noRevocations, readRevocations } from './revocation.ts'

const variables = ['RONDA_TLS_CERT', 'RONDA_TLS_KEY', 'RONDA_TLS_CLIENT_CA', 'RONDA_TLS_CRL'] as const
type FileVariable = (typeof variables)[number]

export type TlsFilesEnvironment = Pick<Environment, FileVariable>

export interface TlsFiles {
  context: SecureContextOptions
  revocations: Revocations
  /** What is not wrong, or not yet, but wants a person: in words that say what to do. `now` in ms UTC. */
  attentionAt(now: number): string[]
}

/** Certificates are renewed well before this; ACME does it with a month left. */
const renewalMs = 14 * 86_400_000

/** Throws `config_invalid`. */
export async function readTlsFiles(env: TlsFilesEnvironment): Promise<TlsFiles> {
  const problems: string[] = []
  const texts: Partial<Record<FileVariable, string>> = {}
  for (const variable of variables) {
    const path = env[variable]
    if (path === undefined) continue
    try {
      texts[variable] = await readFile(path, 'utf8')
    } catch (error) {
      problems.push(`${variable}: cannot read ${path}: ${reasonOf(error)}`)
    }
  }

  /** What `read` makes of a file, undefined where there is none or it is wrong. */
  function parse<T>(variable: FileVariable, read: (text: string) => T): T | undefined {
    const text = texts[variable]
    try {
      return text === undefined ? undefined : read(text)
    } catch (error) {
      problems.push(`${variable}: ${env[variable]} ${reasonOf(error)}`)
      return undefined
    }
  }

  const certificate = parse('RONDA_TLS_CERT', (text) => certificatesIn(text)[0])
  parse('RONDA_TLS_KEY', (text) => {
    const key = readPrivateKey(text)
    if (certificate !== undefined && !certificate.checkPrivateKey(key)) {
      throw new Error(`is not the key of ${env.RONDA_TLS_CERT}: set both to files of the same certificate`)
    }
  })
  const authorities = parse('RONDA_TLS_CLIENT_CA', certificatesIn)
  const revocations = parse('RONDA_TLS_CRL', (text) =>
    // Against authorities that are wrong themselves it would look wrong too.
    authorities === undefined ? noRevocations : readRevocations(text, authorities),
  )
  const context: SecureContextOptions = {
    minVersion: 'TLSv1.2',
    ...(texts.RONDA_TLS_CERT === undefined ? {} : { cert: texts.RONDA_TLS_CERT }),
    ...(texts.RONDA_TLS_KEY === undefined ? {} : { key: texts.RONDA_TLS_KEY }),
    ...(texts.RONDA_TLS_CLIENT_CA === undefined ? {} : { ca: texts.RONDA_TLS_CLIENT_CA }),
  }
  if (problems.length === 0) parse('RONDA_TLS_CERT', () => void createSecureContext(context))
  if (problems.length > 0) throw new AppError('config_invalid', 'the files of TLS cannot be used', { problems })

  const keyIsOpen = await isReadableByAll(env.RONDA_TLS_KEY)
  return {
    context,
    revocations: revocations ?? noRevocations,
    attentionAt(now) {
      const wanted: string[] = []
      const expiresAt = certificate?.validToDate.getTime() ?? Infinity
      if (expiresAt <= now)
        wanted.push(`RONDA_TLS_CERT: the certificate has expired: clients will not connect, renew it`)
      else if (expiresAt - renewalMs <= now) {
        wanted.push(`RONDA_TLS_CERT: the certificate expires on ${new Date(expiresAt).toISOString()}: renew it`)
      }
      if ((revocations?.nextUpdateAt ?? Infinity) <= now) {
        wanted.push('RONDA_TLS_CRL: the revocation list is out of date: it goes on to count, fetch the current one')
      }
      if (keyIsOpen) {
        wanted.push(`RONDA_TLS_KEY: every user of this machine can read ${env.RONDA_TLS_KEY}: chmod o-rwx it`)
      }
      return wanted
    },
  }
}

function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new Error('has no certificate in PEM (BEGIN CERTIFICATE)')
  return blocks.map((block) => {
    try {
      return new X509Certificate(block)
    } catch (cause) {
      throw new Error('has a certificate that is broken', { cause })
    }
  })
}

function readPrivateKey(pem: string) {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw new Error('has no private key in PEM, or it is protected by a passphrase: remove that', { cause })
  }
}

async function isReadableByAll(path: string | undefined): Promise<boolean> {
  // Windows has other ways to say who may read.
  if (path === undefined || process.platform === 'win32') return false
  return ((await stat(path)).mode & 0o007) !== 0
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
