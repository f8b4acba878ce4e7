// What people do with their own account: choose a password, change it, look at their sessions and end them.
import type { Principal } from '@ronda/access/sessions'
import { createAuditedCommit } from '@ronda/access/audit'
import type { Backbone, Row, Write } from '@ronda/backbone/backbone'
import type { Account, AccountRow, NewOwnAccount, PasswordChange } from '@ronda/contracts/account'
import { AppError } from '@ronda/contracts/errors'
import type { OwnSession, SessionRow } from '@ronda/contracts/session'
import type { AccountRegistry } from './account-registry.ts'
import type { Credentials } from './credentials.ts'
import { checkNewPassword } from './password-rules.ts'
import { sessionsOf } from './session-rows.ts'
import type { Visitor } from './visitor.ts'

/** Whoever has a session. */
export type Person = Extract<Principal, { by: 'cookie' }>

/** All throw `no_account` when the session has none, `create` when it has one. */
export interface OwnAccount {
  /** For administrators who came with a link. Throws `password_refused`, `account_exists`, `display_name_taken`. */
  create(person: Person, account: NewOwnAccount): Promise<Account>
  /** Throws `password_wrong`, `password_refused`, `sign_in_limited`, `sign_in_busy`. Other sessions end. */
  changePassword(person: Person, change: PasswordChange, visitor: Visitor): Promise<Account>
  /** The last used first. */
  sessions(person: Person): Promise<OwnSession[]>
  /** One by its id, which may be the one that asks. Throws `not_found`. */
  endSession(person: Person, id: string): Promise<void>
  /** All but the one that asks. */
  endOtherSessions(person: Person): Promise<void>
}

export interface OwnAccountDeps {
  backbone: Backbone
  registry: AccountRegistry
  credentials: Credentials
  /** ms UTC of stamped time, for the audit trail. */
  now: () => number
}

export function createOwnAccount({ backbone, registry, credentials, now }: OwnAccountDeps): OwnAccount {
  const commitAudited = createAuditedCommit(backbone, now)

  async function rowOf({ account }: Person): Promise<AccountRow> {
    const row = account === undefined ? undefined : await backbone.bucket('accounts').get(account)
    if (row === undefined) {
      throw new AppError('no_account', 'this session began with a link that belongs to no account: make one first')
    }
    return row.value
  }

  async function rowsOf(person: Person): Promise<Row<SessionRow>[]> {
    return sessionsOf(backbone, (await rowOf(person)).account.name)
  }

  async function end({ account }: Person, keys: readonly string[]): Promise<void> {
    await commitAudited(
      { who: `account:${account}`, did: 'ended their own sessions', what: `${keys.length}` },
      { writes: keys.map((key): Write => ({ bucket: 'sessions', key, value: undefined })) },
    )
  }

  return {
    async create(person, { password, ...stated }) {
      if (person.account !== undefined) throw new AppError('conflict', `you have an account already: ${person.account}`)
      await checkNewPassword(password, stated)
      const passwordHash = await credentials.hash(password)
      return registry.createOwn({ ...stated, role: person.role }, passwordHash, person.session)
    },

    async changePassword(person, { current, password }, visitor) {
      const row = await rowOf(person)
      const { account, passwordHash: before } = row
      const isProved =
        before === undefined ||
        (current !== undefined && (await credentials.check(account.name, row, current, visitor)))
      if (!isProved) throw new AppError('password_wrong', 'the present password is wrong')
      await checkNewPassword(password, account)
      const passwordHash = await credentials.hash(password)
      return registry.setPassword(account.name, passwordHash, { before, session: person.session })
    },

    async sessions(person) {
      const rows = await rowsOf(person)
      return rows
        .toSorted((a, b) => b.value.seenAt - a.value.seenAt)
        .map(({ key, value: { createdAt, seenAt, address, browser } }) => ({
          id: key,
          createdAt,
          seenAt,
          address,
          browser,
          isThis: key === person.session,
        }))
    },

    async endSession(person, id) {
      const rows = await rowsOf(person)
      if (!rows.some(({ key }) => key === id)) throw new AppError('not_found', 'you have no such session')
      await end(person, [id])
    },

    async endOtherSessions(person) {
      const others = (await rowsOf(person)).map(({ key }) => key).filter((key) => key !== person.session)
      if (others.length > 0) await end(person, others)
    },
  }
}
