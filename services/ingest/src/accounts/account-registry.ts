// The only writer of accounts, but for what signing in notes in them. A change is one commit of the row, of the
// sessions and links that end with it, and of its entry of the audit trail. Changes are made one after the other: that
// somebody is left who can sign in as administrator, and that no two people have one name, is true of all accounts
// together.
import { createAuditedCommit } from '@ronda/access/audit'
import type { Backbone, Row, Write } from '@ronda/backbone/backbone'
import type { Account, AccountPatch, AccountRow, NewAccount } from '@ronda/contracts/account'
import { AppError } from '@ronda/contracts/errors'
import { accountLinkMs, linkEndings, newLink, sessionEndings, sessionsOf } from './session-rows.ts'

export interface NewLink {
  token: string
  /** ms UTC. */
  expiresAt: number
}

export interface AccountWithToken {
  account: Account
  link: NewLink
}

/** What becomes of an account's row, and who says so. */
interface Change {
  row: AccountRow | undefined
  did: string
  by: string
  /** The session that made the change goes on. */
  keeping?: string
  writes?: Write[]
}

/** `by`: who asks, as the audit trail names them. All but `create` throw `not_found`. */
export interface AccountRegistry {
  /** Without a password, and with a link to choose one. Throws `account_exists`, `display_name_taken`. */
  create(account: NewAccount, by: string): Promise<AccountWithToken>
  /** Throws `revision_conflict`, `display_name_taken`, `last_administrator`. Another role, or none, ends its sessions. */
  update(name: string, patch: AccountPatch, by: string): Promise<Account>
  /** Throws `last_administrator`. */
  remove(name: string, by: string): Promise<void>
  /** Takes the password away, ends the sessions, gives a link to choose another. */
  reset(name: string, by: string): Promise<AccountWithToken>
  /** For a person's own: makes an account with a password, for the session of this key. */
  createOwn(account: NewAccount, passwordHash: string, session: string): Promise<Account>
  /** For a person's own: their other sessions end, and links that wait. Throws `conflict` if `before` is not the hash any more. */
  setPassword(
    name: string,
    passwordHash: string,
    own: { before: string | undefined; session: string },
  ): Promise<Account>
}

export interface AccountRegistryDeps {
  backbone: Backbone
  /** ms UTC of stamped time, for the audit trail. */
  now: () => number
  /** ms UTC by the system's clock. */
  systemNow: () => number
}

export function createAccountRegistry({ backbone, now, systemNow }: AccountRegistryDeps): AccountRegistry {
  const accounts = backbone.bucket('accounts')
  const commitAudited = createAuditedCommit(backbone, now)
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  async function find(name: string): Promise<Row<AccountRow>> {
    const row = await accounts.get(name)
    if (row === undefined) throw new AppError('not_found', `there is no account ${name}`)
    return row
  }

  async function commit(name: string, revision: number, { row, did, by, writes = [] }: Change): Promise<void> {
    await commitAudited(
      { who: by, did, what: name },
      { writes: [{ bucket: 'accounts', key: name, value: row, expectedRevision: revision }, ...writes] },
    )
  }

  /** Changes a row as it is at the moment of the commit: signing in writes to it as well. */
  async function change(
    name: string,
    next: (row: AccountRow) => Promise<Change> | Change,
  ): Promise<Account | undefined> {
    for (;;) {
      const { value, revision } = await find(name)
      const changed = await next(value)
      try {
        await commit(name, revision, changed)
        return changed.row?.account
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'revision_conflict') throw error
      }
    }
  }

  /** All that lets its person in ends, but one session. */
  async function endings(name: string, except?: string): Promise<Write[]> {
    return [...(await sessionEndings(backbone, name, except)), ...(await linkEndings(backbone, name))]
  }

  async function checkUnique({ name, displayName }: Pick<NewAccount, 'name' | 'displayName'>): Promise<void> {
    const same = (await accounts.list()).find(
      ({ key, value }) => key !== name && value.account.displayName.toLowerCase() === displayName.toLowerCase(),
    )
    if (same !== undefined) {
      const why = `${same.key} is called ${displayName}: colleagues could not tell the two apart`
      throw new AppError('display_name_taken', why)
    }
  }

  async function checkFree(account: NewAccount): Promise<void> {
    if ((await accounts.get(account.name)) !== undefined) {
      throw new AppError('account_exists', `there is an account ${account.name}: change it, or choose another name`)
    }
    await checkUnique(account)
  }

  /** There has to be another who can sign in as administrator, before this one no longer does. */
  async function checkNotLast({ name, role, enabled }: Account): Promise<void> {
    if (role !== 'administrator' || !enabled) return
    const others = (await accounts.list()).filter(
      ({ key, value: { account, passwordHash } }) =>
        key !== name && account.role === 'administrator' && account.enabled && passwordHash !== undefined,
    )
    if (others.length === 0) {
      throw new AppError('last_administrator', `${name} is the only administrator: first give another one a password`)
    }
  }

  function accountOf(stated: NewAccount): Account {
    return { ...stated, enabled: true, createdAt: systemNow(), revision: 1 }
  }

  function linkFor(name: string): { link: NewLink; write: Write } {
    const expiresAt = systemNow() + accountLinkMs
    const { token, write } = newLink({ account: name, expiresAt })
    return { link: { token, expiresAt }, write }
  }

  return {
    create: (stated, by) =>
      inTurn(async () => {
        await checkFree(stated)
        const account = accountOf(stated)
        const { link, write } = linkFor(account.name)
        await commit(account.name, 0, {
          row: { account },
          did: `created an account as ${account.role}`,
          by,
          writes: [write],
        })
        return { account, link }
      }),

    update: (name, { revision, ...patch }, by) =>
      inTurn(async () => {
        const account = await change(name, async (row) => {
          const before = row.account
          if (revision !== undefined && revision !== before.revision) {
            throw new AppError(
              'revision_conflict',
              `the account ${name} has revision ${before.revision}, not ${revision}`,
            )
          }
          const next: Account = {
            ...before,
            displayName: patch.displayName ?? before.displayName,
            role: patch.role ?? before.role,
            enabled: patch.enabled ?? before.enabled,
            revision: before.revision + 1,
          }
          await checkUnique(next)
          if (next.role !== before.role || !next.enabled) await checkNotLast(before)
          const ends = next.role !== before.role || next.enabled !== before.enabled
          return {
            row: { ...row, account: next },
            did: describeChange(before, next),
            by,
            writes: ends ? await endings(name) : await renamings(next),
          }
        })
        return changed(account)
      }),

    remove: (name, by) =>
      inTurn(async () => {
        await change(name, async ({ account }) => {
          await checkNotLast(account)
          return { row: undefined, did: 'removed an account', by, writes: await endings(name) }
        })
      }),

    reset: (name, by) =>
      inTurn(async () => {
        const { link, write } = linkFor(name)
        const account = await change(name, async (row) => {
          const { passwordChangedAt: _gone, ...rest } = row.account
          return {
            row: { account: { ...rest, revision: rest.revision + 1 } },
            did: 'took the password of an account away, and gave it a link',
            by,
            writes: [...(await endings(name)), write],
          }
        })
        return { account: changed(account), link }
      }),

    createOwn: (stated, passwordHash, session) =>
      inTurn(async () => {
        await checkFree(stated)
        const row = await backbone.bucket('sessions').get(session)
        if (row === undefined) throw new AppError('unauthenticated', 'the session has ended: use another link')
        const { name, displayName } = stated
        const account = { ...accountOf(stated), passwordChangedAt: systemNow(), lastSignInAt: systemNow() }
        const own: Write = {
          bucket: 'sessions',
          key: session,
          value: { ...row.value, name: displayName, account: name },
          expectedRevision: row.revision,
        }
        await commit(name, 0, {
          row: { account, passwordHash },
          did: `made an account for themselves as ${account.role}`,
          by: `operator:${row.value.name}`,
          writes: [own],
        })
        return account
      }),

    setPassword: (name, passwordHash, { before, session }) =>
      inTurn(async () => {
        const account = await change(name, async (row) => {
          if (row.passwordHash !== before) throw new AppError('conflict', 'the password was changed by somebody else')
          const { account } = row
          return {
            row: {
              ...row,
              passwordHash,
              account: { ...account, passwordChangedAt: systemNow(), revision: account.revision + 1 },
            },
            did: before === undefined ? 'chose a password' : 'changed the password',
            by: `account:${name}`,
            writes: await endings(name, session),
          }
        })
        return changed(account)
      }),
  }

  /** Sessions go on under the new name. */
  async function renamings({ name, displayName }: Account): Promise<Write[]> {
    const rows = await sessionsOf(backbone, name)
    return rows
      .filter(({ value }) => value.name !== displayName)
      .map(({ key, value, revision }) => ({
        bucket: 'sessions',
        key,
        value: { ...value, name: displayName },
        expectedRevision: revision,
      }))
  }
}

function changed(account: Account | undefined): Account {
  if (account === undefined) throw new Error('the change removed the account')
  return account
}

function describeChange(before: Account, next: Account): string {
  const parts = [
    ...(before.role === next.role ? [] : [`made ${next.role} of ${before.role}`]),
    ...(before.enabled === next.enabled ? [] : [next.enabled ? 'enabled an account' : 'disabled an account']),
    ...(before.displayName === next.displayName ? [] : [`renamed ${before.displayName} to ${next.displayName}`]),
  ]
  return parts.length === 0 ? 'changed nothing of an account' : parts.join(', ')
}
