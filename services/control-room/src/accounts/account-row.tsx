// One account: its role is changed in place; what ends somebody's sessions is asked for once more.
import type { Account, AccountWithLink } from '@ronda/contracts/account'
import { type Role, roles } from '@ronda/contracts/permissions'
import { useState } from 'react'
import { changeAccount, removeAccount, resetAccount } from '../api/accounts.ts'
import type { Reply } from '../api/http.ts'
import { useRoom, useText, useTimes } from '../context.tsx'
import { sayRefusal } from '../frame/refusal.ts'
import { RowActions } from './row-actions.tsx'

export interface AccountRowProps {
  account: Account
  onChanged: () => void
  onLink: (made: AccountWithLink) => void
}

export function AccountRow({ account, onChanged, onLink }: AccountRowProps) {
  const { session, notices } = useRoom()
  const text = useText()
  const times = useTimes()
  const { accounts: words } = text
  const { name, displayName, role, enabled, passwordChangedAt, lastSignInAt } = account
  const [isAsking, setAsking] = useState(false)
  const isOwn = session.account === name

  async function ask<T>(asking: Promise<Reply<T>>, onDone: (answer: T) => void = onChanged): Promise<void> {
    setAsking(true)
    const reply = await asking
    setAsking(false)
    if (reply.kind === 'answer') {
      onDone(reply.body)
      return
    }
    notices.say({ tone: 'problem', saying: (inLanguage) => sayRefusal(reply, inLanguage) })
    onChanged()
  }

  return (
    <tr className={enabled ? '' : 'account-disabled'}>
      <th scope="row">
        {displayName}
        <span className="aside">{name}</span>
        {isOwn && <span className="aside">{words.you}</span>}
      </th>
      <td>
        <select
          className="text-input"
          aria-label={words.roleOf(displayName)}
          value={role}
          disabled={isAsking}
          // The options are the roles.
          onChange={({ target }) => void ask(changeAccount(name, { role: target.value as Role }))}
        >
          {roles.map((each) => (
            <option key={each} value={each}>
              {text.role[each]}
            </option>
          ))}
        </select>
      </td>
      <td>{enabled ? (passwordChangedAt === undefined ? words.noPassword : words.enabled) : words.disabled}</td>
      <td>
        {lastSignInAt === undefined ? (
          <span className="hint">{words.never}</span>
        ) : (
          <time title={times.exact(lastSignInAt)}>{times.moment(lastSignInAt, Date.now())}</time>
        )}
      </td>
      <td>
        <RowActions
          displayName={displayName}
          enabled={enabled}
          isOwn={isOwn}
          disabled={isAsking}
          onReset={() => void ask(resetAccount(name), onLink)}
          onEnable={(next) => void ask(changeAccount(name, { enabled: next }))}
          onRemove={() => void ask(removeAccount(name))}
        />
      </td>
    </tr>
  )
}
