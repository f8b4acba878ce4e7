// A name and a password. Wrong ones leave the name and ask for the password again; a wait that the server asks for
// is counted down, and who is one of too many is tried again by itself.
import { useEffect, useRef, useState } from 'react'
import type { Refusal, Reply } from '../api/http.ts'
import { useText } from '../context.tsx'
import { PasswordField } from '../frame/password-field.tsx'
import { TextField } from '../frame/text-field.tsx'
import { useForm } from '../frame/use-form.ts'

export type SignIn = (name: string, password: string) => Promise<Reply<unknown>>

/** How often it is tried again when too many sign in at once. */
const mostTries = 5

export function SignInForm({ onSignIn }: { onSignIn: SignIn }) {
  const { credentials, signIn } = useText()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const nameInput = useRef<HTMLInputElement>(null)
  const passwordInput = useRef<HTMLInputElement>(null)
  const form = useForm(ask, () => {}, passwordInput)
  const waitS = useCountdown(form.refusal)
  const isWaited = form.refusal?.kind === 'problem' && form.refusal.retryAfterS !== undefined && waitS === 0
  const problem = waitS > 0 ? credentials.limited(waitS) : isWaited ? undefined : form.problem
  const described = problem === undefined ? undefined : form.problemId

  useEffect(() => nameInput.current?.focus(), [])

  async function ask(): Promise<Reply<unknown>> {
    for (let tries = 1; ; tries++) {
      const reply = await onSignIn(name, password)
      const isBusy = reply.kind === 'problem' && reply.problem.code === 'sign_in_busy'
      if (!isBusy || tries === mostTries) return reply
      await new Promise((resolve) => setTimeout(resolve, (reply.retryAfterS ?? 1) * 1_000))
    }
  }

  return (
    <form className="form" onSubmit={form.submit}>
      <TextField
        label={credentials.name}
        name="username"
        autoComplete="username"
        input={nameInput}
        value={name}
        onChange={setName}
        problemId={described}
      />
      <PasswordField
        label={credentials.password}
        kind="current"
        input={passwordInput}
        value={password}
        onChange={setPassword}
        problemId={described}
      />
      <p className="form-problem" id={form.problemId} role="alert">
        {problem}
      </p>
      <button type="submit" className="button button-strong" disabled={form.isAsking || waitS > 0}>
        {form.isAsking ? signIn.working : signIn.submit}
      </button>
    </form>
  )
}

/** Seconds that are left of the wait that was asked for. */
function useCountdown(refusal: Refusal | undefined): number {
  const [leftS, setLeftS] = useState(0)
  useEffect(() => {
    const seconds = refusal?.kind === 'problem' ? (refusal.retryAfterS ?? 0) : 0
    setLeftS(seconds)
    if (seconds === 0) return undefined
    const until = performance.now() + seconds * 1_000
    const timer = setInterval(() => setLeftS(Math.max(0, Math.ceil((until - performance.now()) / 1_000))), 200)
    return () => clearInterval(timer)
  }, [refusal])
  return leftS
}
