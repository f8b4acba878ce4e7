// How much there was to react to, each figure with its target beside it, and how it was spread over the time.
import type { AlarmMetrics, Judged } from '@ronda/contracts/alarm-metrics'
import { floodBeginsAbove } from '@ronda/contracts/alarm-flood'
import { useText, useWording } from '../context.tsx'
import { formatView, wholeView } from '../faults/view.ts'
import { Link } from '../frame/link.tsx'
import { PrioritySplit } from './priority-split.tsx'
import { Timeline } from './timeline.tsx'
import { Verdict } from './verdict.tsx'

interface AlarmLoadProps {
  metrics: AlarmMetrics
  agency: string | undefined
}

export function AlarmLoad({ metrics, agency }: AlarmLoadProps) {
  const { overview: words } = useText()
  const { locale } = useWording()
  const { announced, perHour, perTenMinutes, floods, topDevices, open } = metrics
  const number = (value: number) => value.toLocaleString(locale, { maximumFractionDigits: 1 })
  const percent = (share: number) => share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 })
  const listOf = (part: Partial<typeof wholeView>) => `/${formatView({ ...wholeView, agency, ...part })}`
  const peak = { value: perTenMinutes.peak, atMost: floodBeginsAbove, met: perTenMinutes.peak <= floodBeginsAbove }
  return (
    <section className="card" aria-labelledby="overview-load">
      <header className="card-head">
        <h3 id="overview-load">{words.load}</h3>
        <p>{words.loadMeaning}</p>
      </header>
      <dl className="figures">
        <Figure name={words.perHour} judged={perHour} format={number} href={listOf({ order: 'age' })}>
          {words.announced(number(announced))}
        </Figure>
        <Figure name={words.peak} judged={peak} format={number} href={listOf({ order: 'age' })} />
        <Figure name={words.floodShare} judged={floods.share} format={percent} href={listOf({ order: 'age' })}>
          {words.floods(floods.count)}
        </Figure>
        <Figure
          name={words.stale}
          judged={open.stale}
          format={number}
          href={listOf({ standings: ['active'], order: 'due' })}
        >
          {words.openOf.stale}
        </Figure>
        <Figure name={words.chattering} judged={open.chattering} format={number} href={listOf({})}>
          {words.openOf.chattering}
        </Figure>
        <Figure name={words.topTen} judged={topDevices.share} format={percent} href="#overview-worst">
          {words.ofAll}
        </Figure>
        <PrioritySplit priorities={metrics.priorities} agency={agency} />
      </dl>
      <Timeline timeline={metrics.timeline} to={metrics.to} targetPerHour={perHour.atMost} />
    </section>
  )
}

interface FigureProps {
  name: string
  judged: Judged
  format: (value: number) => string
  href: string
  children?: string
}

function Figure({ name, judged, format, href, children }: FigureProps) {
  const { overview: words } = useText()
  const { value, atMost, below } = judged
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        {href.startsWith('#') ? (
          <a className="figure-value" href={href} onClick={(event) => jump(event, href)}>
            {format(value)}
          </a>
        ) : (
          <Link className="figure-value" href={href}>
            {format(value)}
          </Link>
        )}
        {children !== undefined && <span className="figure-note">{children}</span>}
        <Verdict met={judged.met}>
          {atMost !== undefined ? words.atMost(format(atMost)) : words.below(format(below ?? 0))}
        </Verdict>
      </dd>
    </div>
  )
}

/** Within the page: the address is the view's own. */
function jump(event: { preventDefault(): void }, href: string): void {
  event.preventDefault()
  document.querySelector(href)?.scrollIntoView()
}
