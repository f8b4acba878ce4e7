// mqtt-packet keeps the bytes of every remaining length below 16,384 that it has written, each cut from the pool of
// its time: two bytes that hold 64 KiB, up to a gigabyte in all. Written one after the other at the start, they share
// a few such pools.
import { Writable } from 'node:stream'
import { writeToStream } from 'mqtt-packet'

const cachedLengths = 16_384

export function cacheLengths(): void {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const bytes = Buffer.alloc(cachedLengths)
  // A topic of one character takes three bytes.
  for (let length = 3; length < cachedLengths; length++) {
    const payload = bytes.subarray(0, length - 3)
    writeToStream({ cmd: 'publish', topic: 'a', payload, qos: 0, dup: false, retain: false }, nowhere)
  }
}
