// How large a packet may be. Its fixed header announces it, so whoever announces too much is sent away before
// anything of the packet is kept; the parser would gather up to 256 MB for anybody.
import { AppError } from '@ronda/contracts/errors'
import { maxPayloadBytes } from '@ronda/contracts/telemetry'
import type { AedesClient } from './aedes-client.ts'

/** Until a CONNECT has come, and for the CONNECT with its will: nobody has shown who they are. */
const connectBytes = 4 * 1024
/** Above the largest payload, so that one that is a little too large is told so by its dead letter. */
const packetBytes = 2 * maxPayloadBytes

/** `refused` is called before the connection ends with the error. */
export function limitPackets(client: AedesClient, refused: (error: AppError) => void): void {
  const parser = client._parser
  const parseLength = parser._parseLength.bind(parser)
  parser._parseLength = () => {
    if (!parseLength()) return false
    const most = client.connecting || client.connected ? packetBytes : connectBytes
    const announced = parser.packet.length
    if (announced <= most) return true
    const error = new AppError('mqtt_packet_too_large', `announces ${announced} bytes, ${most} at most are taken`)
    refused(error)
    parser.emit('error', error)
    return false
  }
}
