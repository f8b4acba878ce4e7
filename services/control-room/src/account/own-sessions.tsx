// Where one is signed in: this browser and others, which can be ended from here.
import { useState } from 'react'
import { endOtherSessions, endOwnSession, fetchOwnSessions } from '../api/account.ts'
import type { Reply } from '../api/http.ts'
import { useText, useTimes } from '../context.tsx'
import { useFetched } from '../use-fetched.ts'
import { browserName } from './browser-name.ts'

export function OwnSessions() {
  const { account: words } = useText()
  const times = useTimes()
  const [ended, setEnded] = useState(0)
  const fetched = useFetched(fetchOwnSessions, { key: 'sessions', revision: ended })
  const sessions = fetched.state === 'known' ? fetched.value.sessions : undefined

  async function end(ending: Promise<Reply<unknown>>): Promise<void> {
    await ending
    setEnded((n) => n + 1)
  }

  return (
    <section className="own-sessions">
      <h3>{words.sessions}</h3>
      {fetched.state === 'failed' && <p role="status">{words.sessionsFailed}</p>}
      <ul>
        {sessions?.map(({ id, browser, address, seenAt, isThis }) => (
          <li key={id}>
            <span>
              {browserName(browser) ?? words.unknownBrowser}
              <span className="aside">
                {address} · {isThis ? words.thisOne : words.seen(times.moment(seenAt, Date.now()))}
              </span>
            </span>
            {!isThis && (
              <button type="button" className="button button-small" onClick={() => void end(endOwnSession(id))}>
                {words.end}
              </button>
            )}
          </li>
        ))}
      </ul>
      {sessions !== undefined && sessions.length > 2 && (
        <button type="button" className="button" onClick={() => void end(endOtherSessions())}>
          {words.endOthers}
        </button>
      )}
    </section>
  )
}
