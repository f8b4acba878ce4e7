// What is shown to who is not signed in, and while the server does not answer: what it is and what to do.
import { useText } from '../context.tsx'
import { Gate } from '../frame/gate.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { type SignIn, SignInForm } from './sign-in-form.tsx'

export type SignedOutReason = 'none' | 'used' | 'over' | 'out' | 'refused'

export interface SignInPageProps {
  reason: SignedOutReason
  city: string | undefined
  onSignIn: SignIn
}

export function SignInPage({ reason, city, onSignIn }: SignInPageProps) {
  const { signIn } = useText()
  return (
    <Gate title={signIn.title} city={city}>
      {reason !== 'none' && <p role="status">{signIn[reason]}</p>}
      <SignInForm onSignIn={onSignIn} />
      <section className="gate-help">
        <h2>{signIn.help}</h2>
        <p className="hint">{signIn.how}</p>
        <pre className="command">
          <code>npm run sign-in</code>
        </pre>
      </section>
    </Gate>
  )
}

/** Nothing for a moment; then, what is being waited for. */
export function WaitingPage({ unreachable }: { unreachable: boolean }) {
  const { signIn } = useText()
  const isSlow = useSlow(true)
  if (unreachable) {
    return (
      <Gate title={signIn.unreachable}>
        <p role="status">{signIn.unreachableMeaning}</p>
      </Gate>
    )
  }
  return isSlow ? <Gate title={signIn.working} /> : null
}
