// One's own account: another password, and the sessions that are open in one's name.
import { useRoom, useText } from '../context.tsx'
import { Dialog } from '../frame/dialog.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { PasswordForm } from './password-form.tsx'

export function AccountDialog({ onClose, onSignOut }: { onClose: () => void; onSignOut: () => void }) {
  const { account, name, role } = useRoom().session
  const { account: words, frame, role: roleNames } = useText()
  return (
    <Dialog title={words.title} className="account-dialog" onClose={onClose}>
      {() => (
        <>
          <p className="account-who">
            <strong>{name}</strong>
            <span>
              {roleNames[role]}
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
        </>
      )}
    </Dialog>
  )
}
