// The services, each with the readers in it: whether they work, since when, which version, how much they take.
import type { SystemReader, SystemService, SystemState } from '@ronda/contracts/system'
import { useText, useTimes } from '../context.tsx'
import { formatAge } from '../format/age.ts'
import { useFigures } from './figures.ts'
import { type Problem, problemsOf } from './problems.ts'

const hostOf: Record<SystemReader['name'], SystemService['name']> = {
  historian: 'ingest',
  detector: 'ingest',
  fanout: 'fanout',
}

export function ServicesCard({ system }: { system: SystemState }) {
  const { system: words } = useText()
  const problems = problemsOf(system)
  return (
    <section className="system-card system-services" aria-label={words.services}>
      <header>
        <h3>{words.services}</h3>
      </header>
      <div className="system-table-frame" tabIndex={0} role="group" aria-label={words.services}>
        <table className="system-table">
          <thead>
            <tr>
              <th scope="col">{words.service}</th>
              <th scope="col">{words.condition}</th>
              <th scope="col">{words.running}</th>
              <th scope="col" className="number">
                {words.behind}
              </th>
              <th scope="col" className="number">
                {words.connections}
              </th>
              <th scope="col" className="number">
                {words.memory}
              </th>
              <th scope="col">{words.version}</th>
            </tr>
          </thead>
          {system.services.map((service) => (
            <tbody key={service.name}>
              <ServiceRow service={service} now={system.at} />
              {system.readers
                .filter(({ name }) => hostOf[name] === service.name)
                .map((reader) => (
                  <ReaderRow key={reader.name} reader={reader} isBehind={isBehind(reader, problems)} />
                ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  )
}

function isBehind({ name }: SystemReader, problems: readonly Problem[]): boolean {
  return problems.some((problem) => 'reader' in problem && problem.reader === name)
}

function ServiceRow({ service, now }: { service: SystemService; now: number }) {
  const { system: words, age } = useText()
  const times = useTimes()
  const figures = useFigures()
  const { name, state, at = now, startedAt, version, memoryBytes, connections } = service
  const isUp = state === 'up'
  return (
    <tr className={isUp ? '' : 'system-row-wrong'}>
      <th scope="row">
        {words.name[name]}
        <span className="system-role">{words.role[name]}</span>
      </th>
      <td>{state === 'silent' ? words.silentSince(formatAge(now - at, age)) : words.is[state]}</td>
      <td>
        {isUp && startedAt !== undefined && (
          <time title={times.exact(startedAt)}>{formatAge(now - startedAt, age)}</time>
        )}
      </td>
      <td />
      <td className="number">{isUp && connections !== undefined && figures.count(connections)}</td>
      <td className="number">{isUp && memoryBytes !== undefined && figures.bytes(memoryBytes)}</td>
      <td>{version}</td>
    </tr>
  )
}

function ReaderRow({ reader, isBehind: wrong }: { reader: SystemReader; isBehind: boolean }) {
  const { system: words } = useText()
  const figures = useFigures()
  const { name, stream, behind, blocked } = reader
  const count = (n: number) => (stream === 'log' ? words.messages : words.events)(figures.count(n))
  return (
    <tr className={wrong ? 'system-reader system-row-wrong' : 'system-reader'}>
      <th scope="row">
        {words.reader[name]}
        <span className="system-role">{words.readerRole[name]}</span>
      </th>
      <td>{blocked !== undefined && words.blocked}</td>
      <td />
      <td className="number">
        {behind === null ? words.unknown : behind === 0 ? <span className="hint">{words.nothing}</span> : count(behind)}
      </td>
      <td colSpan={3} />
    </tr>
  )
}
