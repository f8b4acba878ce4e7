// The person in the top bar: who it is, what is set for this browser, one's own account, and the way out.
import { useState } from 'react'
import { signOut } from '../api/session.ts'
import { useRoom, useText } from '../context.tsx'
import { SoundButton } from '../faults/sound/alarm-sound.tsx'
import { PersonIcon } from '../frame/icons.tsx'
import { Popover } from '../frame/popover.tsx'
import { DensityButton, ThemeButton } from '../frame/preference-buttons.tsx'
import { AccountDialog } from './account-dialog.tsx'

export function AccountMenu({ onSignedOut }: { onSignedOut: () => void }) {
  const { session, city, notices } = useRoom()
  const { frame, role } = useText()
  const [isOpen, setOpen] = useState(false)

  async function leave(): Promise<void> {
    const reply = await signOut()
    // Whoever has no session any more is signed out as well.
    if (reply.kind === 'answer' || (reply.kind === 'problem' && reply.status === 401)) onSignedOut()
    else notices.say({ tone: 'problem', saying: (text) => text.frame.signOutFailed })
  }

  return (
    <>
      <Popover
        className="account"
        align="end"
        button={
          <>
            <PersonIcon />
            <span className="visually-hidden">{frame.account}: </span>
            <span className="account-name">{session.name}</span>
          </>
        }
      >
        {(close) => (
          <div className="account-panel">
            <p className="account-who">
              <strong>{session.name}</strong>
              <span>{role[session.role]}</span>
            </p>
            <div className="account-tools">
              <SoundButton />
              <ThemeButton />
              <DensityButton />
            </div>
            <button
              type="button"
              className="choice"
              onClick={() => {
                close()
                setOpen(true)
              }}
            >
              {frame.myAccount}
            </button>
            <button type="button" className="choice" onClick={() => void leave()}>
              {frame.signOut}
            </button>
            <p className="hint">Ronda {city.version}</p>
          </div>
        )}
      </Popover>
      {isOpen && <AccountDialog onClose={() => setOpen(false)} onSignOut={() => void leave()} />}
    </>
  )
}
