import { describe, expect, it } from 'vitest'
import { createTown, minute, night, second, shining } from '../test/town.ts'

describe('silence', () => {
  it('longer than three intervals is a loss, three intervals are not', () => {
    const town = createTown({ at: night })
    town.register('pju-1', { intervalS: 1 })
    town.report('pju-1', shining)
    town.pass(3 * second)
    expect(town.isActive('pju-1', 'comm_loss')).toBe(false)
    town.skip(1)
    town.beat('broker')
    expect(town.fault('pju-1', 'comm_loss')).toMatchObject({
      raisedAt: night + 3_001,
      evidence: { offline: false, silentMs: 3_001 },
      message: { en: 'Silent for 3 s', id: 'Tidak ada kabar selama 3 detik' },
    })
  })

  it('is broken by any message, also by one without readings', () => {
    const town = createTown({ at: night })
    town.register('cam-1')
    for (let i = 0; i < 5; i++) {
      town.objects('cam-1', [])
      town.pass(2 * minute)
    }
    expect(town.story()).toEqual([])
  })

  it('is not broken by a retained message, nor is what that says judged', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.report('pju-1', shining)
    town.pass(2 * minute)
    const reading = { ts: town.now, fields: shining, faults: ['lamp_failure'] }
    town.objects('pju-1', [reading], { retain: true })
    town.status('pju-1', { online: true, retain: true })
    town.pass(2 * minute)
    expect(town.story()).toEqual(['3:00 raised pju-1 comm_loss'])
  })

  it('of a device that was never heard is none: it may not be there yet', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.pass(30 * minute)
    expect(town.story()).toEqual([])
  })

  it('of a device that connected, and that was all, is one', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.status('pju-1', { online: true })
    town.pass(4 * minute)
    expect(town.story()).toEqual(['3:00 raised pju-1 comm_loss'])
  })

  it('that begins with the source’s own is none, though it is longer than three intervals before that is known', () => {
    const town = createTown({ at: night, sources: ['broker', 'http'] })
    town.register('pju-1', { intervalS: 1 })
    town.pass(minute)
    town.report('pju-1', shining)
    town.beating.delete('broker')
    town.pass(10 * minute)
    town.beating.add('broker')
    town.pass(2 * second)
    town.report('pju-1', shining)
    expect(town.story()).toEqual([])
  })

  it('of ten years is looked at once', () => {
    const town = createTown({ at: night })
    town.register('pju-1', { intervalS: 1 })
    town.report('pju-1', shining)
    // Looking every three seconds would be a hundred million times.
    town.skip(10 * 365 * 24 * 60 * minute)
    town.beat('broker')
    expect(town.story()).toEqual([])
    town.pass(5 * second)
    expect(town.story()).toHaveLength(1)
  })
})

describe('a source that beats late', () => {
  /** The source is quiet from second 60 to second 60 + `quietS`, and so is the device all along. */
  function storyOf(quietS: number, listeningSince: (town: ReturnType<typeof createTown>) => number) {
    const town = createTown({ at: night, sources: ['http'] })
    town.register('pju-1')
    town.report('pju-1', shining)
    const beatFor = (seconds: number, since: number) => {
      for (let i = 0; i < seconds; i++) {
        town.pass(second)
        town.beat('broker', true, since)
      }
    }
    beatFor(60, night)
    town.pass(quietS * second)
    beatFor(600, listeningSince(town))
    return town.story()
  }

  it.each([3, 60, 300])('by %i s though it has listened all the time was not blind', (quietS) => {
    const lostAt = Math.max(180, 60 + quietS)
    const [story, ...more] = storyOf(quietS, () => night)
    expect(more).toEqual([])
    // It is asked again after as long as it was late, which is as long as it may take to read what came meanwhile.
    const [, minutes, seconds] = /^(\d+):(\d\d) raised pju-1 comm_loss$/.exec(story ?? '') ?? []
    const raisedAfterS = 60 * Number(minutes) + Number(seconds)
    expect(raisedAfterS).toBeGreaterThanOrEqual(lostAt)
    expect(raisedAfterS).toBeLessThanOrEqual(lostAt + Math.max(1, quietS))
  })

  it.each([
    [3, '4:04'],
    [60, '5:01'],
  ])('by %i s because it was started anew was blind: devices get time to connect', (quietS, time) => {
    expect(storyOf(quietS, ({ now }) => now)).toEqual([`${time} raised pju-1 comm_loss`])
  })
})

describe('a will', () => {
  it('of a connection that broke with its broker waits until the device had its time', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.report('pju-1', shining)
    town.skip(20 * minute)
    town.beat('broker')
    // The broker finds it among what its end left behind.
    town.pass(second)
    town.status('pju-1', { online: false, will: true })
    town.pass(3 * minute - 2 * second)
    expect(town.story()).toEqual([])
    town.pass(3 * second)
    expect(town.story()).toEqual(['23:00 raised pju-1 comm_loss'])
    expect(town.fault('pju-1', 'comm_loss')).toMatchObject({
      message: { en: 'Connection lost, not back yet', id: 'Koneksi terputus, belum kembali' },
    })
  })

  it('is the newest status, and so is a birth; an older connection’s is not', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.status('pju-1', { online: true, session: 5 })
    town.pass(second)
    town.status('pju-1', { online: false, will: true, session: 4 })
    expect(town.statuses.get('pju-1')).toEqual({ online: true, at: night, topic: 'tangsel/v1/any/pju-1/status' })
    town.status('pju-1', { online: false, will: true, session: 5 })
    expect(town.statuses.get('pju-1')).toMatchObject({ online: false, at: night + second })
  })

  it('a device that says goodbye itself is missed like any other', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.report('pju-1', shining)
    town.status('pju-1', { online: false, retain: false })
    town.pass(2 * minute - second)
    expect(town.isActive('pju-1', 'comm_loss')).toBe(false)
    town.pass(second)
    expect(town.isActive('pju-1', 'comm_loss')).toBe(true)
  })
})
