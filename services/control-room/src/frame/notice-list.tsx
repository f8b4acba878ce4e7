import { useRoom, useText, useWatched } from '../context.tsx'
import { CloseIcon } from './icons.tsx'

/** What came of things, read out as it comes. */
export function NoticeList() {
  const { notices } = useRoom()
  const shown = useWatched(notices)
  const { frame } = useText()
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map(({ id, tone, text, action }) => (
        <div key={id} className={`notice notice-${tone}`}>
          <span>{text}</span>
          {action !== undefined && (
            <button
              type="button"
              className="button button-small"
              onClick={() => {
                notices.dismiss(id)
                action.run()
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className="icon-button" aria-label={frame.close} onClick={() => notices.dismiss(id)}>
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  )
}
