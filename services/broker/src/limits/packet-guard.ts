// What a client sends, looked at before Aedes gets it: no packet is larger than it may be, and each is one by
// MQTT 3.1.1. Its fixed header announces a packet, so whoever announces too much is sent away before anything of it is
// kept; the parser would gather up to 256 MB for anybody. Behind what ends a connection nothing is parsed.
import { AppError, type ErrorCode } from '@ronda/contracts/errors'
import { maxPayloadBytes } from '@ronda/contracts/telemetry'
import type { AedesClient, PacketParser } from '../engine/aedes-client.ts'
import { faultInBody, faultInHeader, faultInPacketId, hasFields, hasOtherLevel } from './packet-rules.ts'

/** Until a CONNECT has come, and for the CONNECT with its will: nobody has shown who they are. */
const connectBytes = 4 * 1024
/** Above the largest payload, so that one that is a little too large is told so by its dead letter. */
const packetBytes = 2 * maxPayloadBytes

/** CONNACK, return code 1. */
const unacceptableLevel = Buffer.from([0x20, 2, 0, 1])

/** Puts clients under guard. `refused` is called once, before a connection ends with the error. */
export function createPacketGuard(
  refused: (client: AedesClient, error: AppError) => void,
): (client: AedesClient) => void {
  // One of each function for all parsers: a connection is to cost little.

  function parseLength(this: PacketParser): boolean {
    const { packet, client } = this
    // What stands behind a DISCONNECT is nobody's.
    if (client.conn.destroyed) this.error ??= new AppError('mqtt_protocol_violated', 'goes on after its end')
    if (this.error !== null || !inherited(this)._parseLength.call(this)) return false
    const most = isConnecting(client) ? packetBytes : connectBytes
    if (packet.length > most)
      return refuse(this, 'mqtt_packet_too_large', `announces ${packet.length} bytes, ${most} at most are taken`)
    return agree(this, faultInHeader(packet))
  }

  function parsePayload(this: PacketParser): boolean {
    const { packet, client } = this
    if (this._list.length < packet.length) return false
    // A hundred thousand PUBLISHes and acknowledgements a second: no buffer is made for them.
    if (hasFields(packet.cmd)) {
      const body = this._list.slice(0, packet.length)
      const fault = faultInBody(packet.cmd, body)
      if (fault !== undefined && packet.cmd === 'connect' && !isConnecting(client) && hasOtherLevel(body))
        return decline(this, fault)
      if (!agree(this, fault)) return false
    }
    if (!inherited(this)._parsePayload.call(this) || this.error !== null) return false
    return agree(this, faultInPacketId(packet.messageId, this._pos, packet.length))
  }

  function agree(parser: PacketParser, fault: string | undefined): boolean {
    return fault === undefined || refuse(parser, 'mqtt_protocol_violated', fault)
  }

  function refuse(parser: PacketParser, code: ErrorCode, message: string): false {
    const error = new AppError(code, message)
    if (!parser.client.closed) refused(parser.client, error)
    parser._emitError(error)
    return false
  }

  /** [MQTT-3.1.2-2]: the connection ends when its answer is on its way. */
  function decline(parser: PacketParser, fault: string): false {
    const { client } = parser
    const error = new AppError('mqtt_protocol_violated', fault)
    refused(client, error)
    // Neither what was read nor what is still to be read is parsed.
    parser.error = error
    client.conn.removeAllListeners('readable')
    client.conn.write(unacceptableLevel, () => parser._emitError(error))
    client.conn.end()
    return false
  }

  return ({ _parser: parser }) => {
    parser._parseLength = parseLength
    parser._parsePayload = parsePayload
  }
}

function isConnecting({ connecting, connected }: AedesClient): boolean {
  return connecting || connected
}

function inherited(parser: PacketParser): PacketParser {
  return Object.getPrototypeOf(parser)
}
