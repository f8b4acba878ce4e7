// Between a link and the room: whoever has an account without a password chooses one, and the very first administrator
// may make an account, so that nobody needs a link the next time.
import { useEffect, useRef, useState } from 'react'
import { changePassword, makeOwnAccount } from '../api/account.ts'
import { useText } from '../context.tsx'
import { Gate } from '../frame/gate.tsx'
import { PasswordField } from '../frame/password-field.tsx'
import { TextField } from '../frame/text-field.tsx'
import { useForm } from '../frame/use-form.ts'

export interface ChoosePasswordProps {
  /** The name to sign in with. */
  account: string
  onDone: () => void
  onSignOut: () => void
}

export function ChoosePasswordPage({ account, onDone, onSignOut }: ChoosePasswordProps) {
  const { setUp, credentials } = useText()
  const [password, setPassword] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const { problem, problemId, isAsking, submit } = useForm(() => changePassword({ password }), onDone, input)
  useEffect(() => input.current?.focus(), [])
  return (
    <Gate title={setUp.choose}>
      <p>{setUp.chooseMeaning}</p>
      <form className="form" onSubmit={submit}>
        <TextField label={credentials.name} name="username" autoComplete="username" value={account} readOnly />
        <PasswordField
          label={credentials.newPassword}
          kind="new"
          hint={credentials.newPasswordHint}
          input={input}
          value={password}
          onChange={setPassword}
          problemId={problem === undefined ? undefined : problemId}
        />
        <p className="form-problem" id={problemId} role="alert">
          {problem}
        </p>
        <div className="form-buttons">
          <button type="submit" className="button button-strong" disabled={isAsking}>
            {setUp.save}
          </button>
          <button type="button" className="button" onClick={onSignOut}>
            {setUp.signOut}
          </button>
        </div>
      </form>
    </Gate>
  )
}

export interface FirstAccountProps {
  /** As the link calls them. */
  name: string
  onDone: () => void
  onSkip: () => void
}

export function FirstAccountPage({ name: called, onDone, onSkip }: FirstAccountProps) {
  const { setUp, credentials } = useText()
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState(called)
  const [password, setPassword] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const ask = () => makeOwnAccount({ name, displayName, password })
  const { problem, problemId, isAsking, submit } = useForm(ask, onDone, input)
  useEffect(() => input.current?.focus(), [])
  const described = problem === undefined ? undefined : problemId
  return (
    <Gate title={setUp.first}>
      <p>{setUp.firstMeaning}</p>
      <form className="form" onSubmit={submit}>
        <TextField
          label={credentials.name}
          name="username"
          autoComplete="username"
          hint={credentials.nameHint}
          input={input}
          value={name}
          onChange={setName}
          problemId={described}
        />
        <TextField
          label={credentials.displayName}
          name="name"
          autoComplete="name"
          hint={credentials.displayNameHint}
          value={displayName}
          onChange={setDisplayName}
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
        <p className="form-problem" id={problemId} role="alert">
          {problem}
        </p>
        <div className="form-buttons">
          <button type="submit" className="button button-strong" disabled={isAsking}>
            {setUp.save}
          </button>
          <button type="button" className="button" onClick={onSkip}>
            {setUp.skip}
          </button>
        </div>
      </form>
    </Gate>
  )
}
