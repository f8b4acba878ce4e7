// A certificate authority for development and small set-ups: its key lies unencrypted in a file. It issues
// certificates for the broker and for devices, and signs the list of those it has revoked. ECDSA on P-256.
// The library needs it to be there first.
import 'reflect-metadata'
import { KeyObject, createPrivateKey, randomBytes, webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509'
import { isIP } from 'node:net'

/** In PEM. */
export interface KeyPair {
  certificate: string
  key: string
}

export interface CertificateRequest {
  /** `server` is for the broker, `client` for devices. */
  purpose: 'server' | 'client'
  /** A certificate has one, but for tests of those that have not. */
  commonNames: readonly string[]
  /** Names and addresses of a server. */
  hosts?: readonly string[]
  notBefore?: Date
  /** A year from now unless given. */
  notAfter?: Date
}

interface Revocation {
  /** In PEM. */
  certificate: string
  at: Date
}

export interface Authority extends KeyPair {
  issue(request: CertificateRequest): Promise<KeyPair>
  /** In PEM. The next one is due when the authority itself ends, unless given. */
  revocationList(revoked: readonly Revocation[], nextUpdate?: Date): Promise<string>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const yearMs = 365 * 86_400_000
/** Clocks of devices may be a little behind. */
const leewayMs = 3_600_000

/** A new one, for ten years. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await generateKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ CN: [name] }],
    notBefore: new Date(Date.now() - leewayMs),
    notAfter: new Date(Date.now() + 10 * yearMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return openAuthority({ certificate: pem('CERTIFICATE', certificate.rawData), key: pemOfKey(keys.privateKey) })
}

/** One that was made before; throws when its files are not that. */
export function openAuthority({ certificate: own, key }: KeyPair): Authority {
  const authority = new X509Certificate(own)
  const signingKey = createPrivateKey(key).toCryptoKey(algorithm, false, ['sign'])

  return {
    certificate: own,
    key,
    async issue({ purpose, commonNames, hosts = [], notBefore, notAfter }) {
      const keys = await generateKeys()
      const certificate = await X509CertificateGenerator.create({
        serialNumber: newSerialNumber(),
        subject: commonNames.map((name) => ({ CN: [name] })),
        issuer: authority.subject,
        notBefore: notBefore ?? new Date(Date.now() - leewayMs),
        notAfter: notAfter ?? new Date(Date.now() + yearMs),
        publicKey: keys.publicKey,
        signingKey,
        signingAlgorithm: algorithm,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([
            purpose === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
          ]),
          ...(hosts.length === 0
            ? []
            : [
                new SubjectAlternativeNameExtension(
                  hosts.map((host) => ({ type: isIP(host) === 0 ? 'dns' : 'ip', value: host })),
                ),
              ]),
          await SubjectKeyIdentifierExtension.create(keys.publicKey),
          await AuthorityKeyIdentifierExtension.create(authority),
        ],
      })
      return { certificate: pem('CERTIFICATE', certificate.rawData), key: pemOfKey(keys.privateKey) }
    },

    async revocationList(revoked, nextUpdate = authority.notAfter) {
      const list = await X509CrlGenerator.create({
        issuer: authority.subject,
        thisUpdate: new Date(),
        nextUpdate,
        entries: revoked.map(({ certificate, at }) => ({
          serialNumber: new X509Certificate(certificate).serialNumber,
          revocationDate: at,
          reason: X509CrlReason.privilegeWithdrawn,
        })),
        signingKey,
        signingAlgorithm: algorithm,
        extensions: [await AuthorityKeyIdentifierExtension.create(authority), listNumber()],
      })
      return pem('X509 CRL', list.rawData)
    },
  }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

/** 127 bits, positive. */
function newSerialNumber(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0)
  return bytes.toString('hex')
}

/** cRLNumber (RFC 5280, 5.2.3), which has to grow from list to list: the time, as an INTEGER of 6 bytes. */
function listNumber(): Extension {
  const value = Buffer.from([0x02, 6, 0, 0, 0, 0, 0, 0])
  value.writeUIntBE(Date.now(), 2, 6)
  return new Extension('2.5.29.20', false, value)
}

/** RFC 7468; the library has another label for revocation lists. */
function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

function pemOfKey(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()
}
