// A control room's connection on a raw socket: what receives for thousands of rooms must not be slower than what is
// measured, so nothing is decoded but the frames.
import { randomBytes } from 'node:crypto'
import { type Socket, connect } from 'node:net'

export interface WebSocketAddress {
  port: number
  path: string
  /** Of the header; none when absent. */
  authorization?: string
}

export interface RawWebSocket {
  /** A text of less than 126 bytes. */
  send(text: string): void
  /** It reads no more; what is sent to it stays in the system's buffers. */
  pause(): void
  close(): void
}

/** Tells of a text where it lies: the buffer is used again as soon as this returns. */
export type OnText = (data: Buffer, start: number, end: number) => void

const opcodes = { text: 1, ping: 9, pong: 10 } as const
const finalFrame = 0x80
const masked = 0x80
const shortLengths = { twoBytes: 126, eightBytes: 127 } as const
const endOfHead = '\r\n\r\n'
/** One for all sockets: each is done with it before the next reads. */
const readBuffer = Buffer.allocUnsafe(256 * 1024)

/** Rejects when the upgrade is refused; `onClose` tells that somebody else ended it afterwards. */
export function openWebSocket(
  { port, path, authorization }: WebSocketAddress,
  onText: OnText,
  onClose: () => void,
): Promise<RawWebSocket> {
  return new Promise((resolve, reject) => {
    let head = ''
    let readFrames: ((chunk: Buffer) => void) | undefined
    const socket: Socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback(length) {
          const chunk = readBuffer.subarray(0, length)
          if (readFrames === undefined) readHead(chunk)
          else readFrames(chunk)
          return true
        },
      },
    })

    function readHead(chunk: Buffer): void {
      head += chunk.toString('latin1')
      const end = head.indexOf(endOfHead)
      if (end === -1) return
      if (!head.startsWith('HTTP/1.1 101 ')) {
        reject(new Error(`the upgrade was refused: ${head.slice(0, end)}`))
        socket.destroy()
        return
      }
      // Who does not answer is taken for dead and closed (RFC 6455, 5.5.2).
      readFrames = createFrameReader(onText, (payload) => void socket.write(maskedFrame(opcodes.pong, payload)))
      readFrames(Buffer.from(head.slice(end + endOfHead.length), 'latin1'))
      socket.once('close', onClose)
      resolve({
        send: (text) => void socket.write(maskedFrame(opcodes.text, Buffer.from(text))),
        pause: () => void socket.pause(),
        close: () => void socket.off('close', onClose).destroy(),
      })
    }

    socket.on('error', reject)
    socket.once('close', () => reject(new Error('closed before the upgrade')))
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
    ]
    socket.write(`${lines.join('\r\n')}${endOfHead}`)
  })
}

/** Takes the bytes as they come, and tells of each text and each ping when it is whole (RFC 6455, 5.2). */
export function createFrameReader(onText: OnText, onPing: (payload: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    for (;;) {
      const start = payloadStart(data, at)
      if (start > data.length) break
      const end = start + payloadLength(data, at)
      if (end > data.length) break
      const opcode = (data[at] ?? 0) & 0xf
      if (opcode === opcodes.text) onText(data, start, end)
      else if (opcode === opcodes.ping) onPing(data.subarray(start, end))
      at = end
    }
    // A copy: the memory of the chunk is used again.
    rest = Buffer.from(data.subarray(at))
  }
}

/** Beyond the data when the header is not whole. */
function payloadStart(data: Buffer, at: number): number {
  if (at + 2 > data.length) return Number.POSITIVE_INFINITY
  const short = data.readUInt8(at + 1)
  return at + 2 + (short === shortLengths.twoBytes ? 2 : short === shortLengths.eightBytes ? 8 : 0)
}

function payloadLength(data: Buffer, at: number): number {
  const short = data.readUInt8(at + 1)
  if (short === shortLengths.twoBytes) return data.readUInt16BE(at + 2)
  if (short === shortLengths.eightBytes) return Number(data.readBigUInt64BE(at + 2))
  return short
}

/** A client has to mask (RFC 6455, 5.3); with a mask of zeros the payload stays as it is. */
function maskedFrame(opcode: number, payload: Buffer): Buffer {
  if (payload.length >= shortLengths.twoBytes) throw new Error('the payload is too long')
  return Buffer.concat([Buffer.from([finalFrame | opcode, masked | payload.length, 0, 0, 0, 0]), payload])
}
