// What must hold of causes whatever goes wrong at once: no fault is its own cause, nobody counts wrongly, and when all
// is well again nothing is left.
import type { Fault, FaultRow } from '@ronda/contracts/fault'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Troubles, inputsOf, troubles } from '../test/troubles.ts'
import { type Written, city, restored, write } from '../test/town.ts'
import { type Input, createEngine } from './engine.ts'

function nothingWritten(): Written {
  return { state: new Map(), faults: new Map(), archive: new Map(), windows: new Map() }
}

/** Lives them; `look` sees the open faults after every input that changed any. */
function live(trouble: Troubles, { ends, look }: { ends: boolean; look?: (open: Written['faults']) => void }) {
  const engine = createEngine({ city, epoch: 'e' })
  const written = nothingWritten()
  const inputs: Input[] = []
  const events: string[] = []
  const lastWord = new Map<string, Fault>()
  const faultId = (choice: number) =>
    [...written.faults.keys()].toSorted().at(choice % Math.max(written.faults.size, 1))
  for (const input of inputsOf(trouble, { faultId, ends })) {
    inputs.push(input)
    engine.step(input)
    if (!engine.hasNews) continue
    const effects = engine.takeEffects()
    for (const { event, fault } of effects.events) {
      lastWord.set(fault.id, fault)
      events.push(`${event} ${fault.id} ${fault.revision} ${fault.parentId}`)
    }
    write(written, effects)
    look?.(written.faults)
  }
  write(written, engine.takeEffects())
  return { inputs, events, written, lastWord }
}

function problemsOf(open: ReadonlyMap<string, FaultRow>): string[] {
  const problems: string[] = []
  const children = new Map<string, number>()
  const ofDevice = new Set<string>()
  for (const { fault } of open.values()) {
    const key = `${fault.uid} ${fault.code}`
    if (ofDevice.has(key)) problems.push(`two of ${key}`)
    ofDevice.add(key)
    const chain = new Set([fault.id])
    for (let above = fault.parentId; above !== undefined; above = open.get(above)?.fault.parentId) {
      if (chain.has(above)) {
        problems.push(`${fault.id} is its own cause`)
        break
      }
      chain.add(above)
    }
    if (fault.parentId === undefined) continue
    children.set(fault.parentId, (children.get(fault.parentId) ?? 0) + 1)
    const parent = open.get(fault.parentId)?.fault
    if (parent?.active === true && parent.acknowledged && !fault.acknowledged) {
      problems.push(`${fault.id} is not acknowledged with its cause`)
    }
  }
  for (const { fault } of open.values()) {
    const counted = children.get(fault.id) ?? 0
    if (counted !== fault.children) problems.push(`${fault.id} has ${counted} consequences, not ${fault.children}`)
  }
  return problems
}

describe('causes', () => {
  it('are never in a circle, counted right, acknowledged for all beneath; a device has one fault of a code', () => {
    fc.assert(
      fc.property(troubles, (trouble) => {
        const problems: string[] = []
        live(trouble, { ends: false, look: (open) => problems.push(...problemsOf(open)) })
        expect(problems).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('leave nothing behind: every fault is open or closed at the end, and none is active when all has been well', () => {
    fc.assert(
      fc.property(troubles, (trouble) => {
        const { written, lastWord } = live(trouble, { ends: true })
        const kept = new Set([...written.faults.keys(), ...[...written.archive.values()].map(({ fault }) => fault.id)])
        expect([...lastWord.keys()].filter((id) => !kept.has(id))).toEqual([])
        expect([...written.faults.values()].filter(({ fault }) => fault.active)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('are the same wherever the engine is restored', () => {
    fc.assert(
      fc.property(troubles, fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), (trouble, cuts) => {
        const { inputs, events } = live(trouble, { ends: false })
        const stops = new Set(cuts.map((place) => place % inputs.length))
        const again: string[] = []
        const written = nothingWritten()
        let engine = createEngine({ city, epoch: 'e' })
        const take = () => {
          const effects = engine.takeEffects()
          for (const { event, fault } of effects.events) {
            again.push(`${event} ${fault.id} ${fault.revision} ${fault.parentId}`)
          }
          write(written, effects)
        }
        for (const [index, input] of inputs.entries()) {
          engine.step(input)
          if (!stops.has(index)) continue
          take()
          engine = restored(written)
        }
        take()
        expect(again).toEqual(events)
      }),
      { numRuns: 100 },
    )
  })
})
