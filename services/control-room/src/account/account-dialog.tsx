// One's own account: another password, and the sessions that are open in one's name.
import { useEffect, useRef } from 'react'
import { useRoom, useText } from '../context.tsx'
import { CloseIcon } from '../frame/icons.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { PasswordForm } from './password-form.tsx'

export function AccountDialog({ onClose, onSignOut }: { onClose: () => void; onSignOut: () => void }) {
  const { session } = useRoom()
  const { account: words, frame, role } = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const { account } = session
  return (
    <dialog
      ref={dialog}
      className="keys account-dialog"
      aria-labelledby="account-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="keys-content">
        <div className="keys-head">
          <h2 id="account-title">{words.title}</h2>
          <button
            type="button"
            className="icon-button"
            aria-label={frame.close}
            onClick={() => dialog.current?.close()}
          >
            <CloseIcon />
          </button>
        </div>
        <p className="account-who">
          <strong>{session.name}</strong>
          <span>
            {role[session.role]}
            {account !== undefined && ` · ${account}`}
          </span>
        </p>
        {account === undefined ? (
          <p className="hint">{words.none}</p>
        ) : (
          <>
            <PasswordForm account={account} />
            <OwnSessions />
          </>
        )}
        <button type="button" className="button" onClick={onSignOut}>
          {frame.signOut}
        </button>
      </div>
    </dialog>
  )
}
