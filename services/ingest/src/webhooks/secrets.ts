// The secrets that notices are signed with, and the signature (Standard Webhooks 1.0). A secret is derived from a key
// file, the receiver's uid and a generation, and kept nowhere: what the data store holds, its backups included, signs
// nothing. It is told once, when it is made.
import { createHmac, hkdfSync } from 'node:crypto'
import type { ReceiverRow } from '@ronda/contracts/receiver'

export interface Secrets {
  /** `whsec_` and 256 bits in base64: what a receiver verifies with. */
  of(uid: string, generation: number): string
  /** Header fields that sign a body sent now (ms UTC by the system's clock). */
  headers(row: ReceiverRow, id: string, body: string, now: number): Record<string, string>
}

/** `key`: what is in the key file. */
export function createSecrets(key: string): Secrets {
  const derive = (uid: string, generation: number) =>
    Buffer.from(hkdfSync('sha256', key, uid, `ronda webhook secret ${generation}`, 32))
  return {
    of: (uid, generation) => `whsec_${derive(uid, generation).toString('base64')}`,
    headers({ uid, generation, previous }, id, body, now) {
      const timestamp = Math.floor(now / 1_000)
      const generations =
        previous === undefined || now >= previous.until ? [generation] : [generation, previous.generation]
      // An id has no full stop in it, so that no other id and body come to the same text.
      const signed = `${id}.${timestamp}.${body}`
      const signatures = generations.map(
        (each) => `v1,${createHmac('sha256', derive(uid, each)).update(signed).digest('base64')}`,
      )
      return {
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatures.join(' '),
      }
    },
  }
}
