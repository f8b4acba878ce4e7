// The words of a device's past, in English.
import { plural } from '../words.ts'

export const pastEn = {
  past: {
    label: 'The last 30 days',
    ribbon: 'How it was in the last 30 days',
    how: 'Point at the ribbon, or go through it with the arrow keys.',
    nothing: 'nothing',
    during: (from: string, to: string, age: string) => `from ${from} to ${to}, ${age}`,
    resolution: (width: string) =>
      `Unknown: no reports came, and none were missed. Gaps of less than ${width} do not show.`,
    switched: 'By day its supply is switched off, and it has nothing to say.',
    showTable: (n: number) => `As a table (${n})`,
    hideTable: 'Without the table',
    from: 'From',
    to: 'To',
    was: 'It was',
    lasted: 'Lasted',
    failed: 'Its past could not be fetched. It is asked for again by itself.',
  },
  connections: {
    label: 'Connections of the last 30 days',
    counts: (n: number, broken: number) =>
      `${plural(n, 'connection', 'connections')}, ${broken === 0 ? 'none of them broke' : `${broken} broke`}`,
    since: 'Connected',
    until: 'Ended',
    end: 'How',
    lasted: 'Lasted',
    before: 'before that',
    unknown: 'not known',
    ends: { broke: 'The connection broke', left: 'It signed off by itself' },
    unseen: (back: string) => `Nobody noticed; it connected again at ${back}`,
    goesOn: 'Connected',
    unheard: (since: string) => `Nobody hears it since ${since}`,
    atMost: (age: string) => `at most ${age}`,
    none: 'In this time it has said nothing about its connection, and neither has the broker.',
    failed: 'The connections could not be fetched. They are asked for again by themselves.',
    olderLeftOut: 'What was before that is left out.',
    meaning: 'As the broker noticed it: a broken connection shows only when it stays silent for longer than agreed.',
  },
}
