// The outer form of ASN.1 in DER: which values are in a piece of it. What they mean is their reader's affair.

export const tags = {
  integer: 0x02,
  bitString: 0x03,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const

export interface DerValue {
  tag: number
  content: Buffer
  /** With tag and length, as signatures are made over it. */
  whole: Buffer
}

/** The values that stand one after the other; throws when they are cut off or not DER. */
export function* valuesIn(bytes: Buffer): Generator<DerValue, void, undefined> {
  for (let at = 0; at < bytes.length; ) {
    const { length, begin } = lengthAt(bytes, at + 1)
    const end = begin + length
    if (end > bytes.length) throw new RangeError('it is cut off')
    yield { tag: bytes[at] ?? 0, content: bytes.subarray(begin, end), whole: bytes.subarray(at, end) }
    at = end
  }
}

/** Below 0x80 the first byte is the length, above it tells how many bytes of length follow. */
function lengthAt(bytes: Buffer, at: number): { length: number; begin: number } {
  const first = bytes.readUInt8(at)
  if (first < 0x80) return { length: first, begin: at + 1 }
  const size = first & 0x7f
  if (size === 0 || size > 4) throw new RangeError('it has no definite length')
  return { length: bytes.readUIntBE(at + 1, size), begin: at + 1 + size }
}

/** Ms UTC of a UTCTime or GeneralizedTime as certificates and revocation lists have them (RFC 5280, 4.1.2.5). */
export function timeOf({ tag, content }: DerValue): number {
  const digits = content.toString('latin1')
  const text = tag === tags.utcTime ? `${Number(digits.slice(0, 2)) < 50 ? '20' : '19'}${digits}` : digits
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(time)) throw new RangeError(`${digits} is not a time`)
  return time
}
