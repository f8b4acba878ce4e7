// Accounts, for administrators: who there is, who may do what, and how somebody new comes in.
import type { AccountWithLink } from '@ronda/contracts/account'
import { useState } from 'react'
import { fetchAccounts } from '../api/accounts.ts'
import { useText } from '../context.tsx'
import { useFetched } from '../use-fetched.ts'
import { AccountRow } from './account-row.tsx'
import { LinkCard } from './link-card.tsx'
import { NewAccountForm } from './new-account-form.tsx'

/** Real ms: other administrators make accounts, too, and people choose their passwords. */
const everyMs = 10_000

export function AccountsPage() {
  const { accounts: words } = useText()
  const [changes, setChanges] = useState(0)
  const fetched = useFetched(fetchAccounts, { key: 'accounts', revision: changes, everyMs })
  const accounts = fetched.state === 'known' ? fetched.value.accounts : undefined
  const [made, setMade] = useState<AccountWithLink>()
  const [isMaking, setMaking] = useState(false)

  const look = () => setChanges((n) => n + 1)

  function showLink(next: AccountWithLink): void {
    setMade(next)
    setMaking(false)
    look()
  }

  return (
    <div className="accounts">
      <header className="accounts-head">
        <h2>{words.title}</h2>
        <span className="spring" />
        {!isMaking && (
          <button type="button" className="button button-strong" onClick={() => setMaking(true)}>
            {words.make}
          </button>
        )}
      </header>
      {made !== undefined && <LinkCard made={made} onClose={() => setMade(undefined)} />}
      {isMaking && <NewAccountForm onMade={showLink} onCancel={() => setMaking(false)} />}
      {fetched.state === 'failed' && (
        <p className="form-problem" role="alert">
          {words.failed}
        </p>
      )}
      {accounts?.length === 0 && <p className="hint">{words.none}</p>}
      {accounts !== undefined && accounts.length > 0 && (
        <div className="accounts-frame" tabIndex={0} role="region" aria-label={words.title}>
          <table className="accounts-table">
            <thead>
              <tr>
                <th scope="col">{words.person}</th>
                <th scope="col">{words.role}</th>
                <th scope="col">{words.state}</th>
                <th scope="col">{words.lastSignIn}</th>
                <th scope="col">
                  <span className="visually-hidden">{words.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <AccountRow key={account.name} account={account} onChanged={look} onLink={showLink} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
