// docs/mqtt-conformance.md, from the table of statements and from the titles of the tests that name their numbers.
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Statement, statements } from './statements.ts'

const tests = join(import.meta.dirname, '..')
const root = join(tests, '..', '..', '..')

/** Files of tests by the number of a statement that a title of theirs names, from the repository's root. */
export function shownBy(): Map<string, string[]> {
  const shown = new Map<string, string[]>()
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.itest.ts'))
  for (const file of files.toSorted()) {
    const path = relative(root, join(tests, file)).replaceAll('\\', '/')
    // Numbers in titles stand in brackets and in a string; comments that name them do not count.
    for (const [, title = ''] of readFileSync(join(tests, file), 'utf8').matchAll(/(['"`].*\[MQTT-.*['"`])/g)) {
      for (const [, number = ''] of title.matchAll(/\[MQTT-([\d.]+-\d+)\]/g)) {
        const files = shown.get(number) ?? []
        if (!files.includes(path)) shown.set(number, [...files, path])
      }
    }
  }
  return shown
}

const chapters: readonly (readonly [chapter: string, title: string])[] = [
  ['1', 'Text'],
  ['2', 'Headers and packet ids'],
  ['3.1', 'CONNECT'],
  ['3.2', 'CONNACK'],
  ['3.3', 'PUBLISH'],
  ['3.6', 'PUBREL'],
  ['3.8', 'SUBSCRIBE'],
  ['3.9', 'SUBACK'],
  ['3.10', 'UNSUBSCRIBE'],
  ['3.12', 'PINGREQ'],
  ['3.14', 'DISCONNECT'],
  ['4', 'Sessions, quality of service, order, topics, errors'],
  ['6', 'WebSocket'],
  ['7', 'Conformance'],
]

function chapterOf({ number }: Statement): string {
  const [chapter = '', section = ''] = number.split('.')
  return chapter === '3' ? `3.${section}` : chapter
}

export function conformanceDocument(): string {
  const shown = shownBy()
  const ofClient = statements.filter(({ binds }) => binds === 'client')
  const limited = statements.filter(({ limit }) => limit !== undefined)
  const whole = statements.length - ofClient.length - limited.length
  const parts = [
    '# MQTT 3.1.1, statement by statement',
    'Every normative statement of the [OASIS standard](https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html) ' +
      'by the number of its appendix B, in our words, with the tests that show it on real sockets against the real ' +
      `broker. Of ${statements.length}, ${whole} hold as they are, ${limited.length} with a limit that is told beside ` +
      `them, and ${ofClient.length} bind clients only. Written by \`npm run generate\`.`,
  ]
  for (const [chapter, title] of chapters) {
    const rows = statements.filter((statement) => chapterOf(statement) === chapter).map((each) => rowOf(each, shown))
    parts.push(`## ${title}`, ['| number | binds | says | shown by |', '|---|---|---|---|', ...rows].join('\n'))
  }
  return `${parts.join('\n\n')}\n`
}

function rowOf({ number, binds, says, limit }: Statement, shown: ReadonlyMap<string, string[]>): string {
  const files = (shown.get(number) ?? []).map((path) => `[${nameOf(path)}](../${path})`).join(', ')
  const what = limit === undefined ? says : `${says}. *Limit: ${limit}*`
  return `| ${number} | ${binds} | ${what} | ${files === '' ? '–' : files} |`
}

const nameOf = (path: string) => /([^/]*)\.itest\.ts$/.exec(path)?.[1] ?? path
