import { describe, expect, it } from 'vitest'
import { type Town, createTown, minute, night, second, shining } from '../test/town.ts'
import { readDeviceKnowledge } from './device-knowledge.ts'

function knowledge(town: Town, id: string, intervalS = 60) {
  return readDeviceKnowledge(async (key) => town.written.state.get(key), { id, intervalS })
}

async function unknownSince(town: Town, id: string) {
  const since = (await knowledge(town, id)).unknownSince(town.engine.logTime)
  return since === undefined ? undefined : since - night
}

describe('how a device is', () => {
  it('is not known while its source is blind, nor until it had its chance to be heard', async () => {
    const town = createTown({ at: night, sources: ['broker', 'http'] })
    for (const id of ['pju-1', 'pju-2', 'pju-3']) town.register(id)
    town.pass(2 * minute, { 'pju-1': shining, 'pju-2': shining })
    expect(await unknownSince(town, 'pju-1')).toBeUndefined()
    town.beating.delete('broker')
    town.pass(20 * minute)
    expect(await unknownSince(town, 'pju-1')).toBe(2 * minute)
    // Nobody has ever heard it: that is no one's blindness.
    expect(await unknownSince(town, 'pju-3')).toBeUndefined()
    town.beating.add('broker')
    town.pass(2 * minute, { 'pju-1': shining })
    expect(await unknownSince(town, 'pju-1')).toBeUndefined()
    expect(await unknownSince(town, 'pju-2')).toBe(2 * minute)
    expect(town.isActive('pju-2', 'comm_loss')).toBe(false)
    town.pass(2 * minute, { 'pju-1': shining })
    // By now it is known to be lost.
    expect(await unknownSince(town, 'pju-2')).toBeUndefined()
    expect(town.isActive('pju-2', 'comm_loss')).toBe(true)
  })

  it('is not known either while its source turns messages away', async () => {
    const town = createTown({ at: night, sources: [] })
    town.register('pju-1')
    town.report('pju-1', shining)
    town.skip(10 * second)
    town.beat('broker', false)
    expect(await unknownSince(town, 'pju-1')).toBe(0)
  })
})

describe('a reading', () => {
  const now = night

  it('is backlog when it was older than three intervals when it was sent', async () => {
    const { isBacklog } = await knowledge(createTown(), 'pju-1')
    expect(isBacklog({ measuredAt: now - 3 * minute, sentAt: now, receivedAt: now + 60 * minute })).toBe(false)
    expect(isBacklog({ measuredAt: now - 3 * minute - 1, sentAt: now, receivedAt: now })).toBe(true)
    expect(isBacklog({ measuredAt: now - 3 * minute, receivedAt: now })).toBe(false)
    expect(isBacklog({ measuredAt: now - 3 * minute - 1, receivedAt: now })).toBe(true)
  })

  it('of a clock that is known to lag is as old as it would be by ours', async () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    for (let n = 0; n < 4; n++) {
      town.pass(minute)
      town.objects('pju-1', [{ ts: town.now - 30 * minute, fields: shining, faults: [] }])
    }
    const { isBacklog } = await knowledge(town, 'pju-1')
    expect(isBacklog({ measuredAt: town.now - 30 * minute, receivedAt: town.now })).toBe(false)
    expect(isBacklog({ measuredAt: town.now - 34 * minute, receivedAt: town.now })).toBe(true)
  })
})
