// The ledger as the equation it is: what came in is stored, refused, or still waiting; and below it how fast, and what
// became of the readings in the messages.
import type { SystemState } from '@ronda/contracts/system'
import { Fragment, type ReactNode } from 'react'
import { useMay, useText, useTimes } from '../context.tsx'
import { CheckIcon } from '../frame/icons.tsx'
import { Link } from '../frame/link.tsx'
import { lettersPath } from './dead-letters/letters-address.ts'
import { useFigures } from './figures.ts'
import { discrepancy } from './problems.ts'
import { TrendLine } from './trend-line.tsx'
import { recentRates } from './trend.ts'

const rateMs = 60_000

export function LedgerCard({ system }: { system: SystemState }) {
  const { system: words } = useText()
  const figures = useFigures()
  const { ledger, trend } = system
  const rates = recentRates(trend, rateMs)
  const rate = (perSecond: number | undefined) =>
    perSecond === undefined ? undefined : words.perSecond(figures.rate(perSecond))
  const isBalanced = ledger.balanced && discrepancy(ledger) === 0
  const terms = [
    { sign: '', name: words.cameIn, count: ledger.accepted, rate: rate(rates?.cameIn) },
    { sign: '=', name: words.stored, count: ledger.written, rate: rate(rates?.stored) },
    { sign: '+', name: words.refused, count: ledger.deadLettered, rate: rate(rates?.refused) },
    { sign: '+', name: words.waiting, count: ledger.pending, rate: undefined },
  ]
  return (
    <section className="system-card system-ledger" aria-label={words.ledger}>
      <header>
        <h3>{words.ledger}</h3>
        <span className="hint">{words.ledgerMeaning}</span>
        <span className="spring" />
        {isBalanced ? (
          <span className="ledger-verdict">
            <CheckIcon />
            {words.balanced}
          </span>
        ) : (
          <span className="ledger-verdict ledger-off">
            {words.unbalanced(figures.count(Math.abs(discrepancy(ledger))))}
          </span>
        )}
      </header>
      <div className={isBalanced ? 'equation' : 'equation equation-off'}>
        {terms.map(({ sign, name, count, rate: perSecond }) => (
          <Fragment key={name}>
            {sign !== '' && <span className="equation-sign">{sign}</span>}
            <div className="term">
              <span className="term-name">{name}</span>
              <strong>{figures.count(count)}</strong>
              <span className="term-rate">{perSecond ?? ' '}</span>
            </div>
          </Fragment>
        ))}
      </div>
      <TrendLine trend={trend} />
      <Readings system={system} />
    </section>
  )
}

function Readings({ system }: { system: SystemState }) {
  const { system: words } = useText()
  const figures = useFigures()
  const times = useTimes()
  const mayDo = useMay()
  const { readings } = system.ledger
  const { at, late, undeclared } = system.sinceStart
  const turnedAway = system.turnedAway.reduce((sum, { count }) => sum + count, 0)
  const started = words.since(times.moment(at, system.at))
  const refused = figures.count(readings.refused)
  const broker = system.services.find(({ name }) => name === 'broker')
  const turnedAwaySince = broker?.startedAt === undefined ? '' : words.since(times.moment(broker.startedAt, system.at))
  const codes = system.turnedAway.map(({ code, count }) => `${code} ${figures.count(count)}`)
  return (
    <div className="readings">
      <Facts
        title={words.readings}
        facts={[
          [words.stored, figures.count(readings.stored)],
          [
            words.doubled,
            readings.collapsed === null ? (
              <span className="hint">{words.notTold}</span>
            ) : (
              figures.count(readings.collapsed)
            ),
          ],
          [words.refused, mayDo('readDeadLetters') ? <Link href={lettersPath()}>{refused}</Link> : refused],
        ]}
      />
      <Facts
        title={words.beside}
        facts={[
          [words.late, figures.count(late), started],
          [words.undeclared, figures.count(undeclared), started],
          [words.turnedAway, figures.count(turnedAway), codes.length === 0 ? turnedAwaySince : codes.join(', ')],
        ]}
      />
    </div>
  )
}

interface FactsProps {
  title: string
  facts: readonly [name: string, value: ReactNode, note?: string][]
}

function Facts({ title, facts }: FactsProps) {
  return (
    <section className="reading-group" aria-label={title}>
      <h4>{title}</h4>
      <dl>
        {facts.map(([name, value, note = '']) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value}
              {note !== '' && <span className="reading-note">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
