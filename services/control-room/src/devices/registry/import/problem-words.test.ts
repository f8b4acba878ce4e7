import type { ImportProblem } from '@ronda/contracts/device-import'
import { expect, test } from 'vitest'
import { en } from '../../../text/en.ts'
import { id } from '../../../text/id.ts'
import { type ProblemCity, sayProblem } from './problem-words.ts'

const city: ProblemCity = {
  districts: [
    { slug: 'serpong', name: 'Serpong' },
    { slug: 'setu', name: 'Setu' },
  ],
  agencies: [{ id: 'dishub', name: { en: 'Transport', id: 'Perhubungan' }, kinds: [] }],
}

const problem = (more: Partial<ImportProblem>): ImportProblem => ({
  line: 3,
  code: 'value_invalid',
  detail: 'd',
  ...more,
})

test('it says what stands there and what may stand there', () => {
  expect(sayProblem(problem({ column: 'latitude', cell: 'north' }), en, city)).toEqual({
    wrong: 'latitude cannot be “north”',
    remedy: 'Write degrees from -90 to 90, as -6.3012.',
  })
  expect(sayProblem(problem({ code: 'district_unknown', column: 'district', cell: 'kasemen' }), id, city)).toEqual({
    wrong: '“kasemen” bukan kecamatan di kota ini',
    remedy: 'Isi dengan salah satu dari serpong, setu.',
  })
  expect(sayProblem(problem({ column: 'installedAt', cell: 'May' }), en, city).remedy).toContain('milliseconds')
  expect(
    sayProblem(problem({ code: 'rules_unfit', column: 'rules', detail: 'rules.x: none' }), en, city).remedy,
  ).toContain('rules.x: none')
})

test('a dollar sign of a file means nothing', () => {
  expect(sayProblem(problem({ column: 'name', cell: '$& {2}' }), en, city).wrong).toBe('name cannot be “$& {2}”')
})
