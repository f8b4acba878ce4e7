// How large a packet may be. Its fixed header announces it, so whoever announces too much is sent away before
// anything of the packet is kept; the parser would gather up to 256 MB for anybody.
import { AppError } from '@ronda/contracts/errors'
import { maxPayloadBytes } from '@ronda/contracts/telemetry'
import type { AedesClient, PacketParser } from './aedes-client.ts'

/** Until a CONNECT has come, and for the CONNECT with its will: nobody has shown who they are. */
const connectBytes = 4 * 1024
/** Above the largest payload, so that one that is a little too large is told so by its dead letter. */
const packetBytes = 2 * maxPayloadBytes

/** Puts clients under the limit. `refused` is called before a connection ends with the error. */
export function createPacketLimit(
  refused: (client: AedesClient, error: AppError) => void,
): (client: AedesClient) => void {
  // One function for all parsers: a connection is to cost little.
  function parseLength(this: PacketParser): boolean {
    const parser: PacketParser = Object.getPrototypeOf(this)
    if (!parser._parseLength.call(this)) return false
    const { client } = this
    const most = client.connecting || client.connected ? packetBytes : connectBytes
    const announced = this.packet.length
    if (announced <= most) return true
    const error = new AppError('mqtt_packet_too_large', `announces ${announced} bytes, ${most} at most are taken`)
    refused(client, error)
    this.emit('error', error)
    return false
  }
  return ({ _parser: parser }) => {
    parser._parseLength = parseLength
  }
}
