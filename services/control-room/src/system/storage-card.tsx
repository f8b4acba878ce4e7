// Where things are kept: the disk with its reserve, the log with its limit, the store, and each stream.
import type { SystemState } from '@ronda/contracts/system'
import { useRoom, useText, useTimes } from '../context.tsx'
import { formatAge } from '../format/age.ts'
import { useFigures } from './figures.ts'
import { problemsOf } from './problems.ts'

export function StorageCard({ system }: { system: SystemState }) {
  const { clock } = useRoom()
  const { system: words, age } = useText()
  const times = useTimes()
  const figures = useFigures()
  const { disk, backbone, store } = system
  const kinds = new Set(problemsOf(system).map(({ kind }) => kind))
  const logBytes = backbone.streams.find(({ name }) => name === 'log')?.bytes ?? 0
  const others = disk.totalBytes - disk.freeBytes - disk.usedBytes
  return (
    <section className="system-card system-storage" aria-label={words.storage}>
      <header>
        <h3>{words.storage}</h3>
      </header>
      <dl className="system-facts">
        <div>
          <dt>{words.store}</dt>
          <dd className={kinds.has('store') ? 'system-wrong' : ''}>{words.stores[store.kind]}</dd>
        </div>
        <div>
          <dt>{words.backbone}</dt>
          <dd className={kinds.has('log') ? 'system-wrong' : ''}>{words.backbones[backbone.kind]}</dd>
        </div>
      </dl>
      <Meter
        name={words.disk}
        value={words.diskFree(figures.bytes(disk.freeBytes), figures.bytes(disk.totalBytes))}
        note={`${words.diskUsed(figures.bytes(disk.usedBytes))}, ${words.reserve(figures.bytes(disk.reserveBytes))}`}
        parts={[disk.usedBytes / disk.totalBytes, others / disk.totalBytes]}
        limit={1 - disk.reserveBytes / disk.totalBytes}
        isWrong={kinds.has('disk')}
      />
      <Meter
        name={words.log}
        value={words.logFill(figures.bytes(logBytes), figures.bytes(backbone.logLimitBytes))}
        parts={[logBytes / backbone.logLimitBytes]}
        isWrong={kinds.has('log-filling') || kinds.has('log')}
      />
      <table className="system-table" aria-label={words.streams}>
        <thead>
          <tr>
            <th scope="col">{words.stream}</th>
            <th scope="col" className="number">
              {words.size}
            </th>
            <th scope="col" className="number">
              {words.oldest}
            </th>
          </tr>
        </thead>
        <tbody>
          {backbone.streams.map(({ name, bytes, oldestAt }) => (
            <tr key={name}>
              <th scope="row">{words.streamName[name] ?? name}</th>
              <td className="number">{figures.bytes(bytes)}</td>
              <td className="number">
                {oldestAt === undefined ? (
                  <span className="hint">{words.empty}</span>
                ) : (
                  <time title={times.exact(oldestAt)}>{formatAge(clock.now() - oldestAt, age)}</time>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface MeterProps {
  name: string
  value: string
  note?: string
  /** Of the whole, one after the other. */
  parts: readonly number[]
  /** Where it must not come. */
  limit?: number
  isWrong: boolean
}

function Meter({ name, value, note, parts, limit, isWrong }: MeterProps) {
  const percent = (part: number) => `${Math.min(100, Math.max(0, part * 100)).toFixed(2)}%`
  return (
    <div className={isWrong ? 'meter meter-wrong' : 'meter'}>
      <span className="meter-name">{name}</span>
      <span className="meter-value">{value}</span>
      <span className="meter-bar" aria-hidden="true">
        {parts.map((part, i) => (
          // Their order is what they are.
          <span key={i} style={{ width: percent(part) }} />
        ))}
        {limit !== undefined && <i style={{ left: percent(limit) }} />}
      </span>
      {note !== undefined && <span className="hint meter-note">{note}</span>}
    </div>
  )
}
