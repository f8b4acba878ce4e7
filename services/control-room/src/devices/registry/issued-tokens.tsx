// Tokens as they are issued: shown over everything else, this once, until they are saved or given up. They are kept
// nowhere else on the page.
import { type ReactNode, createContext, use, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { TokensDialog } from './tokens-dialog.tsx'

export interface IssuedToken {
  readonly id: string
  readonly token: string
}

const IssuedContext = createContext<((issued: readonly IssuedToken[]) => void) | undefined>(undefined)

export function IssuedTokens({ children }: { children: ReactNode }) {
  const [issued, setIssued] = useState<readonly IssuedToken[]>([])
  const [isSaved, setSaved] = useState(false)
  const isShown = issued.length > 0

  // Whoever closes the tab before is asked by the browser.
  useEffect(() => {
    if (!isShown || isSaved) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isShown, isSaved])

  function show(next: readonly IssuedToken[]): void {
    setIssued(next)
    setSaved(false)
  }

  return (
    <IssuedContext value={show}>
      {children}
      {isShown &&
        createPortal(
          <TokensDialog
            issued={issued}
            isSaved={isSaved}
            onSaved={() => setSaved(true)}
            onClose={() => setIssued([])}
          />,
          document.body,
        )}
    </IssuedContext>
  )
}

/** Shows tokens that were just issued. */
export function useShowTokens(): (issued: readonly IssuedToken[]) => void {
  const show = use(IssuedContext)
  if (show === undefined) throw new Error('outside of IssuedTokens')
  return show
}
