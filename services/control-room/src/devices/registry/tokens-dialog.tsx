// The dialog of tokens. It closes at once when they were copied or downloaded; before, it asks.
import { useEffect, useRef, useState } from 'react'
import { useText } from '../../context.tsx'
import { Dialog } from '../../frame/dialog.tsx'
import type { IssuedToken } from './issued-tokens.tsx'
import { saveFile, toCsv } from './save-file.ts'
import { VirtualList } from './virtual-list.tsx'

export interface TokensDialogProps {
  issued: readonly IssuedToken[]
  isSaved: boolean
  onSaved: () => void
  onClose: () => void
}

export function TokensDialog({ issued, isSaved, onSaved, onClose }: TokensDialogProps) {
  const { tokens: words } = useText()
  const [isLeaving, setLeaving] = useState(false)
  if (isLeaving) {
    return (
      <Dialog
        key="leaving"
        title={words.leave}
        className="ask"
        focus=".button-strong"
        onClose={() => setLeaving(false)}
      >
        {(close) => (
          <div className="ask-form">
            <p className="ask-warning">{words.leaveMeaning}</p>
            <div className="ask-foot">
              <button type="button" className="button" onClick={onClose}>
                {words.close}
              </button>
              <button type="button" className="button button-strong" onClick={close}>
                {words.back}
              </button>
            </div>
          </div>
        )}
      </Dialog>
    )
  }
  const [first] = issued
  const title = first !== undefined && issued.length === 1 ? words.titleOf(first.id) : words.titleOfMany(issued.length)
  return (
    <Dialog
      key="tokens"
      title={title}
      className="ask tokens-dialog"
      focus=".button-strong"
      onClose={isSaved ? onClose : () => setLeaving(true)}
    >
      {(close) => (
        <div className="ask-form">
          <p className="ask-warning">{words.once}</p>
          {first !== undefined && issued.length === 1 ? (
            <OneToken issued={first} onCopied={onSaved} />
          ) : (
            <ManyTokens issued={issued} />
          )}
          <p className="hint">{words.use}</p>
          <div className="ask-foot">
            <button
              type="button"
              className={`button${isSaved ? '' : ' button-strong'}`}
              onClick={() => {
                saveFile(fileName(issued), toCsv([['id', 'token'], ...issued.map(({ id, token }) => [id, token])]))
                onSaved()
              }}
            >
              {words.save}
            </button>
            <button type="button" className={`button${isSaved ? ' button-strong' : ''}`} onClick={close}>
              {words.done}
            </button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

function OneToken({ issued: { id, token }, onCopied }: { issued: IssuedToken; onCopied: () => void }) {
  const { tokens: words } = useText()
  const input = useRef<HTMLInputElement>(null)
  const [isCopied, setCopied] = useState(false)
  useEffect(() => setCopied(false), [token])

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(token)
      setCopied(true)
      onCopied()
    } catch {
      // Browsers let a page copy only over https or on this machine: it is selected, for the person to do it.
      input.current?.select()
    }
  }

  return (
    <dl className="token-facts">
      <div>
        <dt>{words.user}</dt>
        <dd>
          <code>{id}</code>
        </dd>
      </div>
      <div>
        <dt>{words.token}</dt>
        <dd className="field-with-button">
          <input
            ref={input}
            className="text-input token-text"
            type="text"
            aria-label={words.token}
            readOnly
            value={token}
            onFocus={({ target }) => target.select()}
            onCopy={onCopied}
          />
          <button type="button" className="button" onClick={() => void copy()}>
            {isCopied ? words.copied : words.copy}
          </button>
        </dd>
      </div>
    </dl>
  )
}

function ManyTokens({ issued }: { issued: readonly IssuedToken[] }) {
  const { tokens: words } = useText()
  return (
    <VirtualList label={words.list} className="tokens-list" items={issued}>
      {({ id, token }) => (
        <>
          <code>{id}</code>
          <code className="token-text">{token}</code>
        </>
      )}
    </VirtualList>
  )
}

/** ronda-tokens-2026-11-22.csv, or with the device's id. */
function fileName(issued: readonly IssuedToken[]): string {
  const [first] = issued
  const what = first !== undefined && issued.length === 1 ? `token-${first.id}` : 'tokens'
  return `ronda-${what}-${new Date().toISOString().slice(0, 10)}.csv`
}
