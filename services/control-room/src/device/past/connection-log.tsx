// When a device was connected in the last thirty days, how each connection ended, and how long it lasted.
import type { LatestReading } from '@ronda/contracts/history'
import { fetchStatuses } from '../../api/devices.ts'
import { useRoom, useText, useTimes } from '../../context.tsx'
import { Age, Moment } from '../../faults/age.tsx'
import { formatAge } from '../../format/age.ts'
import { useFetched } from '../../use-fetched.ts'
import { type DeviceConnection, connectionsOf } from './connections.ts'
import { PastTable } from './past-table.tsx'
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
  const { connections: words } = useText()
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
        <PastTable
          columns={[words.since, words.until, words.end, words.lasted]}
          fewest={fewest}
          rows={connections.map((connection) => (
            <ConnectionRow
              key={`${connection.since} ${connection.until}`}
              connection={connection}
              unknownSince={connection.end === undefined ? latest?.unknownSince : undefined}
            />
          ))}
        />
      )}
      {known?.length === mostWords && <p className="hint">{words.olderLeftOut}</p>}
      {connections.length > 0 && <p className="hint">{words.meaning}</p>}
    </section>
  )
}

interface ConnectionRowProps {
  connection: DeviceConnection
  /** ms UTC: of one that lasts, nobody hears the device since then. */
  unknownSince: number | undefined
}

function ConnectionRow(props: ConnectionRowProps) {
  const { since, end } = props.connection
  const { connections: words } = useText()
  return (
    <tr>
      <td>{since === undefined ? <Unknown words={words.before} /> : <Moment at={since} />}</td>
      <td>
        <Until {...props} />
      </td>
      <td className={end === 'broke' ? 'past-broke' : ''}>
        <Ending {...props} />
      </td>
      <td>
        <Lasted {...props} />
      </td>
    </tr>
  )
}

function Until({ connection: { until, end }, unknownSince }: ConnectionRowProps) {
  const { connections: words } = useText()
  if (end === undefined && unknownSince === undefined) return <Unknown words="–" />
  return until === undefined || end === 'unseen' ? <Unknown words={words.unknown} /> : <Moment at={until} />
}

function Ending({ connection: { until, end }, unknownSince }: ConnectionRowProps) {
  const { connections: words } = useText()
  const { clock } = useRoom()
  const times = useTimes()
  const moment = (at: number) => times.moment(at, clock.now())
  if (end === undefined) return unknownSince === undefined ? words.goesOn : words.unheard(moment(unknownSince))
  if (end !== 'unseen') return words.ends[end]
  return until === undefined ? words.unknown : words.unseen(moment(until))
}

function Lasted({ connection: { since, until, end }, unknownSince }: ConnectionRowProps) {
  const { connections: words, age } = useText()
  if (since === undefined || unknownSince !== undefined) return <Unknown words={words.unknown} />
  if (until === undefined) return <Age since={since} />
  const lasted = formatAge(until - since, age)
  return end === 'unseen' ? words.atMost(lasted) : lasted
}

function Unknown({ words }: { words: string }) {
  return <span className="past-unknown">{words}</span>
}
