// The block device of slow-disk.ts, a process of its own: a disk in memory, served over NBD on a Unix socket, whose
// every sync takes as many milliseconds longer as its parent sends it. All else is answered at once. It ends with its
// parent.
import { type Socket, createServer } from 'node:net'

// https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md, with the oldest of its handshakes, which has no
// options to agree on.
const commands = { read: 0, write: 1, disconnect: 2, flush: 3 } as const
const flags = { hasFlags: 1, takesFlush: 4 } as const
const requestMagic = 0x25609513
const replyMagic = 0x67446698
const handshakeBytes = 152
const requestBytes = 28
const replyBytes = 16
const invalid = 22

const [socketPath = '', megabytes = ''] = process.argv.slice(2)
const disk = Buffer.alloc(Number(megabytes) * 1024 * 1024)
let syncDelayMs = 0

process.on('message', (ms: number) => (syncDelayMs = ms))
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group: the disk stays until its parent has done with it.
process.on('SIGINT', () => {})
createServer(serve).listen(socketPath, () => process.send?.('listening'))

function serve(socket: Socket): void {
  socket.on('error', () => socket.destroy())
  socket.write(handshake())
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const taken = take(socket, rest)
      if (taken === 0) return
      rest = rest.subarray(taken)
    }
  })
}

function handshake(): Buffer {
  const hello = Buffer.alloc(handshakeBytes)
  hello.write('NBDMAGIC')
  hello.writeBigUInt64BE(0x0000_4202_8186_1253n, 8)
  hello.writeBigUInt64BE(BigInt(disk.length), 16)
  hello.writeUInt32BE(flags.hasFlags | flags.takesFlush, 24)
  return hello
}

/** Does what the first request asks; returns its bytes, 0 when it is not there as a whole. */
function take(socket: Socket, data: Buffer): number {
  if (data.length < requestBytes) return 0
  if (data.readUInt32BE(0) !== requestMagic) throw new Error('this is no NBD request')
  const command = data.readUInt16BE(6)
  const handle = data.subarray(8, 16)
  const offset = Number(data.readBigUInt64BE(16))
  const length = data.readUInt32BE(24)
  const end = requestBytes + (command === commands.write ? length : 0)
  if (data.length < end) return 0
  if (command === commands.read) socket.write(Buffer.concat([reply(handle), disk.subarray(offset, offset + length)]))
  else if (command === commands.write) {
    data.copy(disk, offset, requestBytes, end)
    socket.write(reply(handle))
  } else if (command === commands.flush) {
    const synced = reply(handle)
    setTimeout(() => socket.write(synced), syncDelayMs)
  } else if (command === commands.disconnect) socket.end()
  else socket.write(reply(handle, invalid))
  return end
}

function reply(handle: Buffer, error = 0): Buffer {
  const header = Buffer.alloc(replyBytes)
  header.writeUInt32BE(replyMagic)
  header.writeUInt32BE(error, 4)
  handle.copy(header, 8)
  return header
}
