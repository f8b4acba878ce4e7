// What is shown to who is not signed in, and while the server does not answer: what it is and what to do.
import type { ReactNode } from 'react'
import { useText } from '../context.tsx'
import { Logo } from './icons.tsx'
import { LanguageSwitch, ThemeButton } from './top-bar.tsx'
import { useSlow } from './use-slow.ts'

export type SignedOutReason = 'none' | 'used' | 'over' | 'out' | 'refused'

export function SignInPage({ reason, city }: { reason: SignedOutReason; city: string | undefined }) {
  const { signIn } = useText()
  return (
    <Gate title={signIn.title} city={city}>
      <p role="status">{signIn[reason]}</p>
      <p>{signIn.how}</p>
      <pre className="command">
        <code>npm run sign-in</code>
      </pre>
      <p className="hint">{signIn.once}</p>
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

function Gate({ title, city, children }: { title: string; city?: string | undefined; children?: ReactNode }) {
  const { frame } = useText()
  return (
    <main className="gate">
      <div className="gate-card">
        <header>
          <Logo />
          <span className="gate-name">
            <strong>Ronda</strong>
            <span>{city ?? frame.controlRoom}</span>
          </span>
          <span className="spring" />
          <LanguageSwitch />
          <ThemeButton />
        </header>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}
