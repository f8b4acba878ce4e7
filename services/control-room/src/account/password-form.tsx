// Another password for oneself. All other sessions end with it.
import { useRef, useState } from 'react'
import { changePassword } from '../api/account.ts'
import { useRoom, useText } from '../context.tsx'
import { PasswordField } from '../frame/password-field.tsx'
import { useForm } from '../frame/use-form.ts'

export function PasswordForm({ account }: { account: string }) {
  const { notices } = useRoom()
  const { account: words, credentials } = useText()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const form = useForm(() => changePassword({ current, password }), done, input)
  const described = form.problem === undefined ? undefined : form.problemId

  function done(): void {
    setCurrent('')
    setPassword('')
    notices.say({ tone: 'plain', saying: (text) => text.account.changed })
  }

  return (
    <form className="form" onSubmit={form.submit}>
      <h3>{words.password}</h3>
      {/* Password managers ask whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={account} readOnly hidden />
      <PasswordField
        label={credentials.currentPassword}
        kind="current"
        input={input}
        value={current}
        onChange={setCurrent}
        problemId={described}
      />
      <PasswordField
        label={credentials.newPassword}
        kind="new"
        hint={credentials.newPasswordHint}
        value={password}
        onChange={setPassword}
        problemId={described}
      />
      <p className="form-problem" id={form.problemId} role="alert">
        {form.problem}
      </p>
      <button type="submit" className="button button-strong" disabled={form.isAsking}>
        {words.change}
      </button>
    </form>
  )
}
