// The link by which somebody comes in and chooses a password: shown this once, kept nowhere.
import type { AccountWithLink } from '@ronda/contracts/account'
import { useEffect, useRef, useState } from 'react'
import { useText, useTimes } from '../context.tsx'

export function LinkCard({ made: { account, link }, onClose }: { made: AccountWithLink; onClose: () => void }) {
  const { accounts: words } = useText()
  const times = useTimes()
  const input = useRef<HTMLInputElement>(null)
  const [isCopied, setCopied] = useState(false)

  useEffect(() => {
    setCopied(false)
    input.current?.focus()
    input.current?.select()
  }, [link.url])

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(link.url)
      setCopied(true)
    } catch {
      // Browsers let a page copy only over https or on this machine: it is selected, for the person to do it.
      input.current?.select()
    }
  }

  return (
    <section className="accounts-card" aria-label={words.linkFor(account.displayName)}>
      <h3>{words.linkFor(account.displayName)}</h3>
      <p>{words.linkMeaning(times.moment(link.expiresAt, Date.now()))}</p>
      <span className="field-with-button">
        <input
          ref={input}
          className="text-input"
          type="text"
          aria-label={words.link}
          readOnly
          value={link.url}
          onFocus={({ target }) => target.select()}
        />
        <button type="button" className="button button-strong" onClick={() => void copy()}>
          {isCopied ? words.copied : words.copy}
        </button>
      </span>
      <button type="button" className="button" onClick={onClose}>
        {words.linkDone}
      </button>
    </section>
  )
}
