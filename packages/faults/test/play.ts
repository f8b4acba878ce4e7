// A rule at its edges: a device reports once a minute, line by line; after each line the fault is active or it is not.
import type { Device } from '@ronda/contracts/device'
import { expect, it } from 'vitest'
import { type Reading, type Town, createTown, minute, night } from './town.ts'

/** For so many minutes: this reading, or nothing at all; then the fault is active or not. */
export type Line = [minutes: number, reading: Reading | 'silence', active: boolean, flags?: readonly string[]]

export interface Case {
  title: string
  at?: number
  device?: Partial<Device>
  lines: Line[]
}

export function play(town: Town, id: string, lines: readonly Line[], isActive: () => boolean): boolean[] {
  return lines.map(([minutes, reading, , flags]) => {
    for (let i = 0; i < minutes; i++) {
      town.pass(minute)
      if (reading !== 'silence') town.report(id, reading, flags)
    }
    return isActive()
  })
}

/** A test for each case. */
export function playEach(code: string, id: string, cases: readonly Case[]): void {
  it.each(cases)('$title', ({ at = night, device, lines }) => {
    const town = createTown({ at })
    town.register(id, device)
    town.report(id, {})
    const active = play(town, id, lines, () => town.isActive(id, code))
    expect(active).toEqual(lines.map((line) => line[2]))
  })
}

export const flag = (code: string) => [code] as const
