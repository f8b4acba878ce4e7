import { useRoom, useWatched, useWording } from '../context.tsx'
import { CloseIcon } from './icons.tsx'

/** What came of things, read out as it comes. */
export function NoticeList() {
  const { notices } = useRoom()
  const shown = useWatched(notices)
  const { text, preferences } = useWording()
  const { language } = preferences
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map(({ id, tone, saying, action }) => (
        <div key={id} className={`notice notice-${tone}`}>
          <span>{saying(text, language)}</span>
          {action !== undefined && (
            <button
              type="button"
              className="button button-small"
              onClick={() => {
                notices.dismiss(id)
                action.run()
              }}
            >
              {action.label(text, language)}
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label={text.frame.close}
            onClick={() => notices.dismiss(id)}
          >
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  )
}
