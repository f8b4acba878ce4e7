// docs/faults.md and its pictures, from the table of rules and from small lives that the engine lives for them.
import { limitText } from '../../src/rules/limits.ts'
import { type Confirmation, type Rule, type Text, hearsReports } from '../../src/rules/rule.ts'
import { rules, ruleOf } from '../../src/rules/table.ts'
import { duration } from '../../src/rules/words.ts'
import { live } from './example.ts'
import { lampExamples } from './lamps.ts'
import { otherExamples } from './others.ts'
import { drawTimeline } from './timeline.ts'

/** Stands for all codes of makers. */
const vendorExample = 'vendor:E42'

const examples = { ...lampExamples, ...otherExamples }
const documented = [...rules, ruleOf(vendorExample)]

/** Content by path from the repository's root. */
export function faultDocuments(): Map<string, string> {
  const documents = new Map([['docs/faults.md', faultDocument()]])
  for (const rule of documented) {
    const example = examples[rule.code]
    if (example === undefined) throw new Error(`the rule ${rule.code} has no example to draw`)
    documents.set(`docs/${pictureOf(rule)}`, drawTimeline(rule, example, live(rule, example)))
  }
  return documents
}

function pictureOf({ code }: Rule): string {
  return `images/faults/${nameOf(code).replace(':', '-').toLowerCase()}.svg`
}

function nameOf(code: string): string {
  return code === vendorExample ? 'vendor:CODE' : code
}

function faultDocument(): string {
  return `${[introduction, overview(), ...documented.map(section)].join('\n\n')}\n`
}

const introduction = `# Faults

Every rule by which Ronda finds faults of devices. Written by \`npm run generate\` from the table of rules
(packages/faults/src/rules); each picture is what the engine itself made of a few minutes in the life of one device.

- **Raised** when the condition was seen in so many reports in a row, or for so long. A code in a reading's \`faults\` is
  the device's own word, and raises at once unless a rule says otherwise.
- **Held** while the condition is seen, and also in the dead band: what is neither bad enough to raise nor good enough to
  clear changes nothing, but ends a delay that is under way.
- **Cleared** when the opposite was seen in so many reports in a row, or for so long. Silence clears nothing, nor does a
  backlog, nor what was retained.
- **Explained**: while the cause is active the fault is its consequence, and not shown as one of its own.

In the pictures: a dashed line is a limit; below, orange is the delay before the raise, red the fault (another red while
it is critical), green the delay before it is cleared.

## Changing rules

For a city in its \`city.json\`, for one device in \`rules\` of its registry row; the device's go over the city's, value by
value. What does not fit is refused with everything that is wrong: at the start, by the API, in an import by its line.

\`\`\`json
{
  "rules": {
    "low_voltage": { "limits": { "lowBelow": 0.87, "fineAbove": 0.9 }, "raise": { "minutes": 15 } },
    "client_overload": { "enabled": false },
    "vendor:E42": { "severity": "major", "raise": { "reports": 3 } }
  }
}
\`\`\`

| | |
|---|---|
| \`enabled\` | \`false\`: it raises nothing, and what it has raised is cleared |
| \`severity\` | from its next raise on |
| \`limits\` | by name, in the unit and range below; the lower one of a dead band never above the upper one |
| \`raise\`, \`clear\` | \`reports\` in a row and then \`minutes\` since the first of them; not of rules that count no reports |

A change counts from its record on, and begins anew what is under way. In a PATCH \`rules\` is replaced as a whole: \`{}\` is
none. In CSV the column \`rules\` has it as JSON.`

function overview(): string {
  const rows = documented.map(
    (rule) =>
      `| [${nameOf(rule.code)}](#${anchorOf(rule)}) | ${kindsOf(rule)} | ${severityOf(rule)} | ${raised(rule).en} | ${cleared(rule).en} |`,
  )
  return ['## All rules', '', '| code | kind | severity | raised | cleared |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}

function anchorOf({ code }: Rule): string {
  return nameOf(code).replace(':', '').toLowerCase()
}

function section(rule: Rule): string {
  const [title, first, last] = [rule.message({}), raised(rule), cleared(rule)]
  const isVendor = rule.code === vendorExample
  const parts = [
    `## ${nameOf(rule.code)}`,
    `${kindsOf(rule)} · ${severityOf(rule)}${causesOf(rule)}`,
    [
      `| | ${isVendor ? 'A code of the maker' : title.en} | ${isVendor ? 'Kode pabrikan' : title.id} |`,
      '|---|---|---|',
      `| when | ${withLimits(rule, 'en', rule.about)} | ${withLimits(rule, 'id', rule.about)} |`,
      `| raised | ${first.en} | ${first.id} |`,
      `| cleared | ${last.en} | ${last.id} |`,
      `| what to do first | ${withLimits(rule, 'en', rule.hint)} | ${withLimits(rule, 'id', rule.hint)} |`,
    ].join('\n'),
    ...limitTable(rule),
    `![${nameOf(rule.code)} over time](${pictureOf(rule)})`,
  ]
  return parts.join('\n\n')
}

function kindsOf({ kinds }: Rule): string {
  return kinds.length > 4 ? 'all kinds' : kinds.join(', ')
}

function severityOf({ severity, graver }: Rule): string {
  return graver === undefined ? severity : `${severity}, or ${graver.severity} by what it shows`
}

function causesOf({ causedBy = [] }: Rule): string {
  return causedBy.length === 0 ? '' : ` · explained by ${causedBy.map((code) => `\`${code}\``).join(', ')}`
}

function raised(rule: Rule): Text {
  return hearsReports(rule) ? holding(rule.raise) : { en: 'as soon as it is so', id: 'begitu terjadi' }
}

function cleared(rule: Rule): Text {
  return hearsReports(rule) ? holding(rule.clear) : { en: 'as soon as it is over', id: 'begitu selesai' }
}

function holding({ reports, forMs }: Confirmation): Text {
  const time = duration(forMs)
  if (forMs === 0 && reports === 1) return { en: 'by one report', id: 'dengan satu laporan' }
  if (reports === 1) return { en: `after ${time.en}`, id: `setelah ${time.id}` }
  const inARow = { en: `by ${reports} reports in a row`, id: `dengan ${reports} laporan berturut-turut` }
  return forMs === 0 ? inARow : { en: `${inARow.en}, after ${time.en}`, id: `${inARow.id}, setelah ${time.id}` }
}

/** A sentence with the limits' defaults in their places. */
function withLimits(rule: Rule, language: 'en' | 'id', words: Text): string {
  return words[language].replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const scale = rule.scales[name]
    return scale === undefined ? name : limitText(scale, scale.value)[language]
  })
}

function limitTable({ scales }: Rule): string[] {
  const rows = Object.entries(scales).map(
    ([name, { value, unit, least, most }]) => `| \`${name}\` | ${value} | ${unit} | ${least} to ${most} |`,
  )
  return rows.length === 0 ? [] : [['| limit | default | unit | range |', '|---|---|---|---|', ...rows].join('\n')]
}
