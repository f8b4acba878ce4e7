// What a client shows of itself in the TLS handshake, and whether that holds. The handshake itself goes through
// with any certificate, so that a refusal can be told from a line that broke, and counted.
import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { ErrorCode } from '@ronda/contracts/errors'
import type { Revocations } from './revocation.ts'

export interface ShownCertificate {
  /** Its common name, the only one. */
  name: string
  /** ms UTC. */
  expiresAt: number
}

export type CertificateRefusal = Extract<ErrorCode, `tls_certificate_${string}`>

export type Verdict =
  /** `certificate` is undefined when none was shown or asked for. */
  { ok: true; certificate: ShownCertificate | undefined } | { ok: false; code: CertificateRefusal }

/** `now` in ms UTC: a resumed TLS session brings a certificate that was verified when the session began. */
export function verdictOn(socket: TLSSocket, revocations: Revocations, now: number): Verdict {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return { ok: true, certificate: undefined }
  const expiresAt = certificate.validToDate.getTime()
  // Node gives OpenSSL's code, whatever its types say.
  if (expiresAt <= now || String(socket.authorizationError) === 'CERT_HAS_EXPIRED') {
    return { ok: false, code: 'tls_certificate_expired' }
  }
  const name = commonNameOf(certificate)
  if (!socket.authorized || name === undefined) return { ok: false, code: 'tls_certificate_invalid' }
  if (revocations.includes(chainOf(certificate))) return { ok: false, code: 'tls_certificate_revoked' }
  return { ok: true, certificate: { name, expiresAt } }
}

/** undefined when there are several: each could be somebody. */
function commonNameOf(certificate: X509Certificate): string | undefined {
  // An array of them then, whatever the types say.
  const name: unknown = certificate.toLegacyObject().subject.CN
  return typeof name === 'string' ? name : undefined
}

function* chainOf(certificate: X509Certificate): Generator<X509Certificate, void, undefined> {
  for (let each: X509Certificate | undefined = certificate; each !== undefined; each = each.issuerCertificate)
    yield each
}
