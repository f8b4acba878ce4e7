// Packets put together from their bytes, right or wrong.

type Part = Uint8Array | string | number

/** A packet of these parts behind its fixed header; a string is text with its length in front, a number one byte. */
export function packet(first: number, ...parts: Part[]): Buffer {
  const body = Buffer.concat(parts.map(bytesOf))
  return Buffer.concat([Buffer.from([first, ...lengthOf(body.length)]), body])
}

/** The bytes that tell a remaining length. */
export function lengthOf(length: number): number[] {
  const bytes: number[] = []
  for (let rest = length; ; rest >>= 7) {
    if (rest <= 0x7f) return [...bytes, rest]
    bytes.push((rest & 0x7f) | 0x80)
  }
}

export const uint16 = (value: number) => Buffer.from([value >> 8, value & 0xff])

/** Bytes with their length in front, where text is asked for. */
export function text(bytes: Uint8Array | string): Buffer {
  const content = Buffer.from(bytes)
  return Buffer.concat([uint16(content.length), content])
}

export const flag = {
  reserved: 0x01,
  clean: 0x02,
  will: 0x04,
  willQos: (qos: number) => qos << 3,
  willRetain: 0x20,
  password: 0x40,
  username: 0x80,
} as const

/** A CONNECT of MQTT 3.1.1, or of another name or level, with this payload. */
export function connectBytes(
  flags: number,
  payload: Part[],
  { name = 'MQTT', level = 4, keepalive = 60 }: { name?: string; level?: number; keepalive?: number } = {},
): Buffer {
  return packet(0x10, name, level, flags, uint16(keepalive), ...payload)
}

function bytesOf(part: Part): Uint8Array {
  if (typeof part === 'number') return Buffer.from([part])
  return typeof part === 'string' ? text(part) : part
}
