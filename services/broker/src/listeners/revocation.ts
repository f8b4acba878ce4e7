// Certificates that their authority has revoked (CRL, RFC 5280 section 5). OpenSSL could refuse them at the
// handshake, but it refuses every certificate once a list is out of date, and it cannot tell which of the live
// connections a new list means. Here a list counts until it is replaced, and its age is told.
import { type KeyObject, type X509Certificate, verify } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { type DerValue, tags, timeOf, valuesIn } from './der.ts'

export interface Revocations {
  /** One of the chain is on the list of its issuer. */
  includes(chain: Iterable<X509Certificate>): boolean
  /** When the first of the lists is out of date, ms UTC; Infinity for never. */
  readonly nextUpdateAt: number
}

export const noRevocations: Revocations = { includes: () => false, nextUpdateAt: Infinity }

interface List {
  authority: X509Certificate
  nextUpdateAt: number
  serials: ReadonlySet<string>
}

/** Throws in words what is wrong: no list, none that can be read, or one of somebody else. */
export function readRevocations(pem: string, authorities: readonly X509Certificate[]): Revocations {
  const blocks = pem.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? []
  if (blocks.length === 0) throw new Error('has no revocation list in PEM (BEGIN X509 CRL)')
  const lists = blocks.map((block) => readList(block, authorities))
  return {
    includes(chain) {
      for (const certificate of chain) {
        const serial = plainHex(certificate.serialNumber)
        if (lists.some(({ serials, authority }) => serials.has(serial) && certificate.verify(authority.publicKey)))
          return true
      }
      return false
    },
    nextUpdateAt: Math.min(...lists.map(({ nextUpdateAt }) => nextUpdateAt)),
  }
}

function readList(block: string, authorities: readonly X509Certificate[]): List {
  checkForm(block)
  const [tbs, algorithm, signature] = partsOf(only(Buffer.from(block.replace(/-----.*?-----/g, ''), 'base64')))
  const authority = authorities.find(({ publicKey }) => isSignedBy(publicKey, tbs, algorithm, signature))
  if (authority === undefined) {
    throw new Error('has a list that none of the authorities in RONDA_TLS_CLIENT_CA has signed')
  }
  // version?, signature, issuer, thisUpdate, nextUpdate?, revokedCertificates?, extensions?
  const fields = partsOf(tbs)
  const times = fields.filter(({ tag }) => tag === tags.utcTime || tag === tags.generalizedTime)
  const revoked = fields.slice(fields.indexOf(required(times.at(-1))) + 1).find(({ tag }) => tag === tags.sequence)
  const serials = new Set<string>()
  for (const entry of revoked === undefined ? [] : valuesIn(revoked.content)) {
    const [serial] = valuesIn(entry.content)
    serials.add(plainHex(required(serial).content.toString('hex')))
  }
  const [, nextUpdate] = times
  return { authority, nextUpdateAt: nextUpdate === undefined ? Infinity : timeOf(nextUpdate), serials }
}

/** OpenSSL knows the whole of it: what it takes is well-formed. */
function checkForm(block: string): void {
  try {
    createSecureContext({ crl: block })
  } catch (cause) {
    throw new Error('has a revocation list that is broken', { cause })
  }
}

// Their object identifiers, as DER has them.
const algorithms: Record<string, { key: string; hash: string | null }> = {
  '2a8648ce3d040302': { key: 'ec', hash: 'sha256' },
  '2a8648ce3d040303': { key: 'ec', hash: 'sha384' },
  '2a8648ce3d040304': { key: 'ec', hash: 'sha512' },
  '2a864886f70d01010b': { key: 'rsa', hash: 'sha256' },
  '2a864886f70d01010c': { key: 'rsa', hash: 'sha384' },
  '2a864886f70d01010d': { key: 'rsa', hash: 'sha512' },
  '2b6570': { key: 'ed25519', hash: null },
  '2b6571': { key: 'ed448', hash: null },
}

function isSignedBy(
  publicKey: KeyObject,
  tbs: DerValue | undefined,
  algorithm: DerValue | undefined,
  signature: DerValue | undefined,
): boolean {
  const known = algorithms[required(partsOf(algorithm)[0]).content.toString('hex')]
  if (known === undefined)
    throw new Error('is signed with an algorithm that is not known here: use ECDSA, RSA (PKCS 1) or EdDSA')
  // The first byte of a bit string tells how many bits at its end are unused.
  const { content } = required(signature)
  if (publicKey.asymmetricKeyType !== known.key || content[0] !== 0) return false
  return verify(known.hash, required(tbs).whole, publicKey, content.subarray(1))
}

function only(bytes: Buffer): DerValue {
  const [value] = valuesIn(bytes)
  return required(value)
}

function partsOf(value: DerValue | undefined): DerValue[] {
  return [...valuesIn(required(value).content)]
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('has a list that is cut off')
  return value
}

/** As OpenSSL writes serial numbers: without the byte that keeps them positive. */
function plainHex(hex: string): string {
  return hex.toUpperCase().replace(/^(00)+(?=.)/, '')
}
