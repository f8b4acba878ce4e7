// A picture of what a rule made of a device's reports: the values with the limits, below them the fault. Plain SVG that
// is readable on light and dark pages, and needs nothing from outside.
import { limitText } from '../../src/rules/limits.ts'
import type { Rule } from '../../src/rules/rule.ts'
import type { Example, Lived } from './example.ts'

const width = 720
const height = 184
const left = 12
/** Where the picture ends and names begin. */
const edge = 590
const plot = { top: 34, height: 76 }
const bar = { top: 132, height: 14 }

const style = `text{font:12px system-ui,sans-serif;fill:#334}.s{fill:#667;font-size:11px}
.v{fill:none;stroke:#1668b8;stroke-width:2}.d{fill:#1668b8}.l{stroke:#889;stroke-dasharray:4 3}.x{stroke:#99a}
.raise{fill:#e9a23b}.active{fill:#d0453a}.critical{fill:#8c1510}.clear{fill:#5c9a5b}
@media(prefers-color-scheme:dark){text{fill:#dde}.s{fill:#aab}.v{stroke:#6cb2f5}.d{fill:#6cb2f5}.active{fill:#e5594f}
.critical{fill:#ff9a92}}`

type Scale = (value: number) => number

export function drawTimeline(rule: Rule, example: Example, lived: Lived): string {
  const x: Scale = (minutes) => round(left + (minutes / lived.minutes) * (edge - left))
  const { label, unit } = example.shows
  const isLine = lived.samples.some(({ value }) => typeof value === 'number')
  const title = `${rule.code}: ${lived.message}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title><style>${style}</style>`,
    text(left, 16, unit === '' ? label : `${label} (${unit})`, ''),
    ...(isLine ? drawLine(rule, example, lived, x) : drawDots(lived, x)),
    ...drawFault(lived, x),
    ...drawTimes(lived, x),
    '</svg>\n',
  ].join('\n')
}

function drawLine(rule: Rule, { limits = {} }: Example, { samples }: Lived, x: Scale): string[] {
  const drawn = Object.entries(limits).map(([name, factor]) => {
    const value = rule.limits[name] ?? 0
    const scale = rule.scales[name]
    return { name: `${name} ${scale === undefined ? '' : limitText(scale, value).en}`, value: value * factor }
  })
  const points = samples.flatMap(({ at, value }) => (typeof value === 'number' ? [{ at, value }] : []))
  const values = [...points, ...drawn].map(({ value }) => value)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const y: Scale = (value) => round(plot.top + plot.height * (1 - (value - least) / (most - least || 1)))
  let nameY = Infinity
  const lines = drawn
    .toSorted((a, b) => a.value - b.value)
    .flatMap(({ name, value }) => {
      // Names of limits that lie close together stand apart.
      nameY = Math.min(y(value) + 4, nameY - 13)
      return [`<path class="l" d="M${left} ${y(value)}H${edge}"/>`, text(edge + 6, nameY, name)]
    })
  return [...lines, `<path class="v" d="${strokes(points, samples, x, y)}"/>`]
}

interface Point {
  at: number
  value: number
}

/** Of equal values in a row only the first and the last; broken where nothing was said for longer than usual. */
function strokes(points: readonly Point[], samples: Lived['samples'], x: Scale, y: Scale): string {
  const usual = Math.min(...samples.slice(1).map(({ at }, index) => at - (samples[index]?.at ?? 0)))
  const isGap = (a: Point | undefined, b: Point) => a === undefined || b.at - a.at > 3 * usual
  return points
    .flatMap((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]]
      if (isGap(before, point)) return [`M${x(point.at)} ${y(point.value)}`]
      const goesOn = after !== undefined && !isGap(point, after) && after.value === point.value
      return before?.value === point.value && goesOn ? [] : [`L${x(point.at)} ${y(point.value)}`]
    })
    .join('')
}

/** The most dots of one picture. */
const mostDots = 90

/** What is said with yes and no, report by report; nothing where nothing was said. */
function drawDots({ samples }: Lived, x: Scale): string[] {
  const [yes, no] = [plot.top + 20, plot.top + 56]
  const every = Math.ceil(samples.length / mostDots)
  const dots = samples
    .filter((_sample, index) => index % every === 0)
    .map(({ at, value }) =>
      value === true
        ? `<circle class="d" cx="${x(at)}" cy="${yes}" r="3"/>`
        : `<circle class="d" cx="${x(at)}" cy="${no}" r="1.5"/>`,
    )
  return [...dots, text(edge + 6, yes + 4, 'yes'), text(edge + 6, no + 4, 'no')]
}

function drawFault({ delays, active }: Lived, x: Scale): string[] {
  const rect = (name: string, { from, to }: { from: number; to: number }, top: number, tall: number) =>
    `<rect class="${name}" x="${x(from)}" y="${top}" width="${round(Math.max(x(to) - x(from), 2))}" height="${tall}"/>`
  return [
    `<path class="x" d="M${left} ${bar.top + bar.height}H${edge}"/>`,
    ...delays.map((each) =>
      each.towards === 'raise'
        ? rect('raise', each, bar.top + bar.height / 2, bar.height / 2)
        : rect('clear', each, bar.top + bar.height, 5),
    ),
    ...active.flatMap((each) => [
      rect(each.severity === 'critical' ? 'critical' : 'active', each, bar.top, bar.height),
      text(x(each.from), bar.top - 4, each.severity),
    ]),
    text(edge + 6, bar.top + 11, 'the fault'),
  ]
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720]

function drawTimes({ minutes }: Lived, x: Scale): string[] {
  const step = steps.find((each) => minutes / each <= 9) ?? 1_440
  return Array.from({ length: Math.floor(minutes / step) + 1 }, (_, index) => index * step).flatMap((time) => [
    `<path class="x" d="M${x(time)} ${bar.top + bar.height}v6"/>`,
    text(x(time), height - 14, step >= 60 ? `${time / 60} h` : `${time} min`),
  ])
}

function text(x: number, y: number, words: string, name = 's'): string {
  return `<text${name === '' ? '' : ` class="${name}"`} x="${x}" y="${y}">${escape(words.trim())}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
