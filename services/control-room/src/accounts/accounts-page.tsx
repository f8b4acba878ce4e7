// Accounts, for administrators: who there is, who may do what, and how somebody new comes in.
import type { Account, AccountWithLink } from '@ronda/contracts/account'
import { useEffect, useState } from 'react'
import { fetchAccounts } from '../api/accounts.ts'
import { useText } from '../context.tsx'
import { AccountRow } from './account-row.tsx'
import { LinkCard } from './link-card.tsx'
import { NewAccountForm } from './new-account-form.tsx'

export function AccountsPage() {
  const { accounts: words } = useText()
  const [accounts, setAccounts] = useState<readonly Account[]>()
  const [failed, setFailed] = useState(false)
  const [made, setMade] = useState<AccountWithLink>()
  const [isMaking, setMaking] = useState(false)

  async function load(): Promise<void> {
    const reply = await fetchAccounts()
    setFailed(reply.kind !== 'answer')
    if (reply.kind === 'answer') setAccounts(reply.body.accounts)
  }

  useEffect(() => void load(), [])

  function showLink(next: AccountWithLink): void {
    setMade(next)
    setMaking(false)
    void load()
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
      {failed && (
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
                <AccountRow key={account.name} account={account} onChanged={() => void load()} onLink={showLink} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
