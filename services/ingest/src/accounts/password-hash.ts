// What is kept of a password: Argon2id with its parameters beside it, in the PHC string format that other programs
// read as well. When the parameters are raised here, a hash of before still holds, and is known to be stale.
import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** OWASP's first choice (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const present = { memory: 19_456, passes: 2, parallelism: 1 } as const
const saltBytes = 16
const tagBytes = 32

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

/** On the thread pool: nobody waits for it but who asked. */
const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2)

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(saltBytes)
  return encode(nonce, await derive('argon2id', { message: normal(password), nonce, tagLength: tagBytes, ...present }))
}

/** Throws on what is no such hash: only hashes of here are kept. */
export async function matchesPassword(password: string, encoded: string): Promise<boolean> {
  const { tag, ...parameters } = parse(encoded)
  const derived = await derive('argon2id', { message: normal(password), tagLength: tag.length, ...parameters })
  return timingSafeEqual(derived, tag)
}

/** It was made with weaker parameters than those of the present. */
export function isStale(encoded: string): boolean {
  const { memory, passes, parallelism } = parse(encoded)
  return memory !== present.memory || passes !== present.passes || parallelism !== present.parallelism
}

/** One that no password has, for who has no account: finding that out takes as long as a wrong password. */
export function unmatchableHash(): string {
  return encode(randomBytes(saltBytes), randomBytes(tagBytes))
}

function encode(nonce: Uint8Array, tag: Uint8Array): string {
  const { memory, passes, parallelism } = present
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`
}

function parse(encoded: string) {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(encoded) ?? []
  if (salt === undefined || tag === undefined) throw new Error('not a hash of a password')
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

/** Of a password typed on another keyboard the same characters may come composed differently. */
function normal(password: string): string {
  return password.normalize('NFKC')
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
