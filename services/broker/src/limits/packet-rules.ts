// What MQTT 3.1.1 demands of a packet that a client sends, as far as the parser does not: it takes whatever it can
// read. Decisions only, asked by packet-guard.ts as a packet comes in; each says what is wrong, or undefined.
// The clauses are the standard's; that the connection is to end for any of it is [MQTT-4.8.0-1].
import { isUtf8 } from 'node:buffer'

/** The fixed header: `length` is what it announces to follow. */
export interface PacketHeader {
  cmd: string
  dup: boolean
  qos: number
  length: number
}

/** Before anything of the packet itself has come. */
export function faultInHeader({ cmd, dup, qos, length }: PacketHeader): string | undefined {
  switch (cmd) {
    case 'publish':
      // [MQTT-3.3.1-2]
      return dup && qos === 0 ? 'sends a PUBLISH of QoS 0 again (DUP)' : undefined
    case 'connect':
    case 'subscribe':
    case 'unsubscribe':
      return undefined
    // 3.4.1, 3.5.1, 3.6.1 and 3.7.1: the remaining length is 2.
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return length === 2 ? undefined : `sends a ${cmd} of ${length} bytes: it has a packet id and nothing else`
    // 3.12 and 3.14: neither variable header nor payload.
    case 'pingreq':
    case 'disconnect':
      return length === 0 ? undefined : `sends a ${cmd} of ${length} bytes: it has none`
    default:
      // Table 2.1: from the server to the client, or forbidden.
      return `sends a packet of type ${cmd}, which is none of a client`
  }
}

/** Whether a packet is made of fields that the parser does not look at closely. */
export function hasFields(cmd: string): boolean {
  return cmd === 'connect' || cmd === 'subscribe' || cmd === 'unsubscribe'
}

/** Of packets that have fields. */
export function faultInBody(cmd: string, body: Buffer): string | undefined {
  switch (cmd) {
    case 'connect':
      return faultInConnect(body)
    case 'subscribe':
      return faultInFilters(body, [behindFilter, behindQos])
    case 'unsubscribe':
      return faultInFilters(body, [behindFilter])
    default:
      return undefined
  }
}

/** `behind`: where the parser stands after it, which does not keep it from reading on into the next packet. */
export function faultInPacketId(messageId: number | undefined, behind: number, length: number): string | undefined {
  if (messageId === undefined) return undefined
  if (messageId === -1 || behind > length) return 'sends a packet without its packet id'
  // [MQTT-2.3.1-1]; of acknowledgements [MQTT-2.3.1-6], as nothing has this id.
  return messageId === 0 ? 'sends the packet id 0' : undefined
}

const protocolName = Buffer.from('\0\u0004MQTT')
const protocolLevel = 4

/** A CONNECT of another version of MQTT: it is told so [MQTT-3.1.2-2], whatever else it holds. */
export function hasOtherLevel(body: Buffer): boolean {
  return hasProtocolName(body) && body.length > 6 && body[6] !== protocolLevel
}

function hasProtocolName(body: Buffer): boolean {
  return body.subarray(0, 6).equals(protocolName)
}

/** [MQTT-3.1.4-1] */
function faultInConnect(body: Buffer): string | undefined {
  // [MQTT-3.1.2-1]
  if (!hasProtocolName(body)) return 'connects with another protocol name than MQTT'
  if (hasOtherLevel(body)) return `connects with protocol level ${body[6]}: it has to be ${protocolLevel}`
  const flags = body[7] ?? 0
  const [username, password, will] = [flags & 0x80, flags & 0x40, flags & 0x04]
  const willQos = (flags >> 3) & 3
  // [MQTT-3.1.2-3]
  if (flags & 0x01) return 'connects with the reserved flag'
  // [MQTT-3.1.2-11] [MQTT-3.1.2-13] [MQTT-3.1.2-15]
  if (!will && flags & 0x38) return 'connects with QoS or retain of a will, but without one'
  // [MQTT-3.1.2-14]
  if (willQos > 2) return 'connects with a will of QoS 3'
  // [MQTT-3.1.2-22]
  if (password && !username) return 'connects with a password, but without a user name'
  // Behind the keep alive [MQTT-3.1.3-1]: what the flags announce [MQTT-3.1.2-9] [MQTT-3.1.2-18 to 21], and no more.
  const fields = [
    behindText,
    ...(will ? [behindTopic, behindBytes] : []),
    ...(username ? [behindText] : []),
    ...(password ? [behindBytes] : []),
  ]
  const end = behindAll(fields, body, 10)
  if (typeof end === 'string') return `connects with ${end}`
  return end < body.length ? 'connects with more than its flags announce' : undefined
}

/** Of SUBSCRIBE and UNSUBSCRIBE: behind the packet id these fields, again and again. */
function faultInFilters(body: Buffer, fields: readonly Field[]): string | undefined {
  // [MQTT-3.8.3-3] [MQTT-3.10.3-2]
  if (body.length <= 2) return 'names no topic filter'
  for (let at = 2; at < body.length; ) {
    const end = behindAll(fields, body, at)
    if (typeof end === 'string') return `names topic filters with ${end}`
    at = end
  }
  return undefined
}

/** Where the field that begins at `at` ends, or what is wrong with it. */
type Field = (body: Buffer, at: number) => number | string

function behindAll(fields: readonly Field[], body: Buffer, at: number): number | string {
  let end = at
  for (const behind of fields) {
    const next = behind(body, end)
    if (typeof next === 'string') return next
    end = next
  }
  return end
}

function behindBytes(body: Buffer, at: number): number | string {
  const begin = at + 2
  const end = begin <= body.length ? begin + body.readUInt16BE(at) : begin
  return end <= body.length ? end : 'a field that goes beyond the end'
}

/** Of client id and user name [MQTT-3.1.3-4] [MQTT-3.1.3-11]. */
function behindText(body: Buffer, at: number): number | string {
  const end = behindBytes(body, at)
  if (typeof end === 'string') return end
  const bytes = body.subarray(at + 2, end)
  // [MQTT-1.5.3-1]
  if (!isUtf8(bytes)) return 'text that is not UTF-8'
  // [MQTT-1.5.3-2] [MQTT-4.7.3-2]
  return bytes.includes(0) ? 'text with U+0000' : end
}

/** Of a will [MQTT-3.1.3-10]. */
function behindTopic(body: Buffer, at: number): number | string {
  // [MQTT-4.7.1-1]
  return behindName(body, at, /[+#]/, 'a wildcard in its topic')
}

/** [MQTT-3.8.3-1] [MQTT-3.10.3-1] */
function behindFilter(body: Buffer, at: number): number | string {
  // [MQTT-4.7.1-2] [MQTT-4.7.1-3]: each alone in its level, # in the last.
  return behindName(body, at, /[^/][+#]|[+#][^/]|#\//, 'a wildcard that is not a level of its own')
}

function behindName(body: Buffer, at: number, wrong: RegExp, fault: string): number | string {
  const end = behindText(body, at)
  if (typeof end === 'string') return end
  // [MQTT-4.7.3-1]
  if (end === at + 2) return 'an empty topic'
  // What is looked for is ASCII.
  return wrong.test(body.toString('latin1', at + 2, end)) ? fault : end
}

function behindQos(body: Buffer, at: number): number | string {
  const qos = body[at]
  if (qos === undefined) return 'no QoS'
  // [MQTT-3.8.3-4]
  return qos > 2 ? `QoS ${qos}` : at + 1
}
