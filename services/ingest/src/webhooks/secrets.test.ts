import type { ReceiverRow } from '@ronda/contracts/receiver'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { createSecrets } from './secrets.ts'

const secrets = createSecrets('the key of this data directory')
const body = '{"type":"test","note":"Lampu padam – “gelap”"}'

function rowOf(generation: number, previous?: ReceiverRow['previous']): ReceiverRow {
  // Of the receiver itself nothing is signed.
  const receiver = {} as ReceiverRow['receiver']
  return { receiver, uid: 'u1', generation, ...(previous === undefined ? {} : { previous }) }
}

function verifies(generation: number, headers: Record<string, string>, text = body): boolean {
  try {
    new Webhook(secrets.of('u1', generation)).verify(text, headers)
    return true
  } catch {
    return false
  }
}

test('a secret is 256 bits that depend on the key, the receiver and the generation', () => {
  const all = [secrets.of('u1', 1), secrets.of('u1', 2), secrets.of('u2', 1), createSecrets('another key').of('u1', 1)]
  expect(new Set(all).size).toBe(4)
  expect(secrets.of('u1', 1)).toBe(all[0])
  for (const secret of all) expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32)
})

describe('a signature', () => {
  test('is what the reference library of Standard Webhooks verifies', () => {
    const headers = secrets.headers(rowOf(1), 'id_1', body, Date.now())
    expect(verifies(1, headers)).toBe(true)
    expect(verifies(1, headers, `${body} `)).toBe(false)
    expect(verifies(1, { ...headers, 'webhook-id': 'id_2' })).toBe(false)
    expect(verifies(2, headers)).toBe(false)
  })

  test('is too old after some minutes', () => {
    expect(verifies(1, secrets.headers(rowOf(1), 'id_1', body, Date.now() - 6 * 60_000))).toBe(false)
  })

  test('is twofold until an overlap ends', () => {
    const now = Date.now()
    const row = rowOf(2, { generation: 1, until: now })
    const before = secrets.headers(row, 'id_1', body, now - 1)
    const after = secrets.headers(row, 'id_1', body, now)
    expect([verifies(1, before), verifies(2, before)]).toEqual([true, true])
    expect([verifies(1, after), verifies(2, after)]).toEqual([false, true])
  })
})
