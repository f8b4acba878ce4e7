// When a device was connected in the last thirty days, how each connection ended, and how long it lasted.
import type { LatestReading } from '@ronda/contracts/history'
import { useState } from 'react'
import { fetchStatuses } from '../../api/devices.ts'
import { useRoom, useText, useTimes } from '../../context.tsx'
import { Age, Moment } from '../../faults/age.tsx'
import { formatAge } from '../../format/age.ts'
import { useFetched } from '../../use-fetched.ts'
import { type DeviceConnection, connectionsOf } from './connections.ts'
import '../../styles/device-past.css'

const spanMs = 30 * 86_400_000
/** Two for each connection. */
const mostWords = 400
const fewest = 8
/** Real ms. */
const everyMs = 60_000

interface ConnectionLogProps {
  id: string
  latest: LatestReading | undefined
}

export function ConnectionLog({ id, latest }: ConnectionLogProps) {
  const { clock } = useRoom()
  const { connections: words, detail } = useText()
  const [whole, setWhole] = useState(false)
  const fetched = useFetched(
    () => {
      const to = Math.ceil(clock.now())
      return fetchStatuses(id, { from: to - spanMs, to, limit: mostWords })
    },
    { key: id, everyMs, revision: String(latest?.status?.time) },
  )
  if (fetched.state === 'loading') return null
  const known = fetched.state === 'known' ? fetched.value.rows : undefined
  const connections = connectionsOf(known ?? [])
  const broken = connections.filter(({ end }) => end === 'broke').length
  return (
    <section className="device-card past" aria-labelledby="device-connections">
      <header className="past-head">
        <h3 id="device-connections">{words.label}</h3>
        {connections.length > 0 && <span className="hint">{words.counts(connections.length, broken)}</span>}
      </header>
      {known === undefined && (
        <p className="hint" role="status">
          {words.failed}
        </p>
      )}
      {known !== undefined && connections.length === 0 && <p className="hint">{words.none}</p>}
      {connections.length > 0 && (
        <div className="past-scroll">
          <table className="past-table">
            <thead>
              <tr>
                <th scope="col">{words.since}</th>
                <th scope="col">{words.until}</th>
                <th scope="col">{words.end}</th>
                <th scope="col" className="past-number">
                  {words.lasted}
                </th>
              </tr>
            </thead>
            <tbody>
              {(whole ? connections : connections.slice(0, fewest)).map((connection) => (
                <ConnectionRow
                  key={`${connection.since} ${connection.until}`}
                  connection={connection}
                  unknownSince={latest?.unknownSince}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!whole && connections.length > fewest && (
        <button type="button" className="button button-small" onClick={() => setWhole(true)}>
          {detail.all(connections.length)}
        </button>
      )}
      {whole && known?.length === mostWords && <p className="hint">{words.olderLeftOut}</p>}
      {connections.length > 0 && <p className="hint">{words.meaning}</p>}
    </section>
  )
}

interface ConnectionRowProps {
  connection: DeviceConnection
  /** ms UTC: nobody hears the device since then. */
  unknownSince: number | undefined
}

function ConnectionRow({ connection: { since, until, end }, unknownSince }: ConnectionRowProps) {
  const { connections: words, age } = useText()
  const { clock } = useRoom()
  const times = useTimes()
  const isUnheard = end === undefined && unknownSince !== undefined
  const moment = (at: number) => times.moment(at, clock.now())
  return (
    <tr>
      <td>{since === undefined ? <span className="past-unknown">{words.before}</span> : <Moment at={since} />}</td>
      <td>
        {until === undefined || end === 'unseen' ? (
          <span className="past-unknown">{end === undefined && !isUnheard ? '–' : words.unknown}</span>
        ) : (
          <Moment at={until} />
        )}
      </td>
      <td className={end === 'broke' ? 'past-broke' : ''}>
        {end === 'unseen' && until !== undefined
          ? words.unseen(moment(until))
          : end !== undefined && end !== 'unseen'
            ? words.ends[end]
            : isUnheard
              ? words.unheard(moment(unknownSince))
              : words.goesOn}
      </td>
      <td className="past-number">
        {since === undefined || isUnheard ? (
          <span className="past-unknown">{words.unknown}</span>
        ) : until === undefined ? (
          <Age since={since} />
        ) : end === 'unseen' ? (
          words.atMost(formatAge(until - since, age))
        ) : (
          formatAge(until - since, age)
        )}
      </td>
    </tr>
  )
}
