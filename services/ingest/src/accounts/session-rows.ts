// Rows of sessions and of the tokens of links: how they are made, and how those of an account end. Whoever changes an
// account commits both together, so that no session outlives what it was begun with.
import { newToken, sha256Hex } from '@ronda/access/secrets'
import { isOver, sessionMs } from '@ronda/access/sessions'
import type { Backbone, Row, Write } from '@ronda/backbone/backbone'
import type { SessionRow, SignInTokenRow } from '@ronda/contracts/session'
import type { Visitor } from './visitor.ts'

/** Of a plain link: whoever makes it uses it. */
export const linkMs = 10 * 60_000
/** Of one that is handed to a person to choose a password with. */
export const accountLinkMs = 24 * 3_600_000
/** Sessions of an account; with one more, that which was used least recently ends. */
const mostSessions = 20

export interface NewSession {
  /** What its cookie says. */
  id: string
  row: SessionRow
  write: Write
}

export function newSession(
  who: Pick<SessionRow, 'name' | 'role' | 'account'>,
  { address, browser }: Visitor,
  now: number,
): NewSession {
  const id = newToken()
  const row: SessionRow = { ...who, createdAt: now, seenAt: now, expiresAt: now + sessionMs, address, browser }
  return { id, row, write: { bucket: 'sessions', key: sha256Hex(id), value: row } }
}

export function newLink(row: SignInTokenRow): { token: string; write: Write } {
  const token = newToken()
  return { token, write: { bucket: 'sign-in-tokens', key: sha256Hex(token), value: row, expectedRevision: 0 } }
}

export async function sessionsOf(backbone: Backbone, account: string): Promise<Row<SessionRow>[]> {
  const rows = await backbone.bucket('sessions').list()
  return rows.filter(({ value }) => value.account === account)
}

/** Ends the sessions of an account, but the one of this key. */
export async function sessionEndings(backbone: Backbone, account: string, except?: string): Promise<Write[]> {
  const rows = await sessionsOf(backbone, account)
  return rows.filter(({ key }) => key !== except).map(({ key }) => ({ bucket: 'sessions', key, value: undefined }))
}

/** Ends the sessions of an account that are too many once it has one more. */
export async function surplusEndings(backbone: Backbone, account: string): Promise<Write[]> {
  const rows = await sessionsOf(backbone, account)
  const surplus = rows.toSorted((a, b) => b.value.seenAt - a.value.seenAt).slice(mostSessions - 1)
  return surplus.map(({ key }) => ({ bucket: 'sessions', key, value: undefined }))
}

/** Takes back the links of an account. */
export async function linkEndings(backbone: Backbone, account: string): Promise<Write[]> {
  const rows = await backbone.bucket('sign-in-tokens').list()
  return rows
    .filter(({ value }) => 'account' in value && value.account === account)
    .map(({ key }) => ({ bucket: 'sign-in-tokens', key, value: undefined }))
}

/** What is over is nobody's any more. */
export async function sweepSessions(backbone: Backbone, now: number): Promise<void> {
  const sessions = await backbone.bucket('sessions').list()
  const tokens = await backbone.bucket('sign-in-tokens').list()
  const writes: Write[] = [
    ...sessions
      .filter(({ value }) => isOver(value, now))
      .map(({ key, revision }) => ({ bucket: 'sessions', key, value: undefined, expectedRevision: revision }) as const),
    ...tokens
      .filter(({ value }) => value.expiresAt <= now)
      .map(({ key }) => ({ bucket: 'sign-in-tokens', key, value: undefined }) as const),
  ]
  if (writes.length > 0) await backbone.commit({ writes })
}
