// Somebody new: a name, how colleagues read it, and a role. The password they choose themselves.
import type { AccountWithLink } from '@ronda/contracts/account'
import { type Role, roles } from '@ronda/contracts/permissions'
import { useEffect, useId, useRef, useState } from 'react'
import { makeAccount } from '../api/accounts.ts'
import { useText } from '../context.tsx'
import { TextField } from '../frame/text-field.tsx'
import { useForm } from '../frame/use-form.ts'

export interface NewAccountFormProps {
  onMade: (made: AccountWithLink) => void
  onCancel: () => void
}

export function NewAccountForm({ onMade, onCancel }: NewAccountFormProps) {
  const { accounts: words, credentials, role: roleNames, roleMeaning } = useText()
  const [displayName, setDisplayName] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('operator')
  const input = useRef<HTMLInputElement>(null)
  const form = useForm(() => makeAccount({ name, displayName, role }), onMade, input)
  const described = form.problem === undefined ? undefined : form.problemId
  const roleId = useId()
  useEffect(() => input.current?.focus(), [])
  return (
    <form className="form accounts-card" aria-label={words.make} onSubmit={form.submit}>
      <TextField
        label={credentials.displayName}
        name="display-name"
        autoComplete="off"
        hint={credentials.displayNameHint}
        input={input}
        value={displayName}
        onChange={setDisplayName}
        problemId={described}
      />
      <TextField
        label={credentials.name}
        name="login"
        autoComplete="off"
        hint={credentials.nameHint}
        value={name}
        onChange={setName}
        problemId={described}
      />
      <div className="field">
        <label htmlFor={roleId}>{words.role}</label>
        <select
          id={roleId}
          className="text-input"
          aria-describedby={`${roleId}-hint`}
          value={role}
          // The options are the roles.
          onChange={({ target }) => setRole(target.value as Role)}
        >
          {roles.map((each) => (
            <option key={each} value={each}>
              {roleNames[each]}
            </option>
          ))}
        </select>
        <p className="hint" id={`${roleId}-hint`}>
          {roleMeaning[role]}
        </p>
      </div>
      <p className="form-problem" id={form.problemId} role="alert">
        {form.problem}
      </p>
      <div className="form-buttons">
        <button type="submit" className="button button-strong" disabled={form.isAsking}>
          {words.make}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {words.cancel}
        </button>
      </div>
    </form>
  )
}
