// A device's own codes, which the catalogue does not have for its kind.
import { describe, expect, it } from 'vitest'
import { createTown, minute, night, restored, shining } from '../test/town.ts'
import { mostVendorFaults } from './vendor-codes.ts'

function failing(...flags: string[]) {
  const town = createTown({ at: night })
  town.register('pju-1')
  town.report('pju-1', shining, flags)
  return town
}

describe('vendor:CODE', () => {
  it('is raised at once, held, and cleared when it is gone in two reports', () => {
    const town = failing('E42')
    expect(town.fault('pju-1', 'vendor:E42')).toMatchObject({
      severity: 'warning',
      evidence: { reportedByDevice: true },
      message: { en: 'The device reports E42', id: 'Perangkat melaporkan E42' },
    })
    const active = [['E42'], [], ['E42'], [], []].map((flags) => {
      town.pass(minute)
      town.report('pju-1', shining, flags)
      return town.isActive('pju-1', 'vendor:E42')
    })
    expect(active).toEqual([true, true, true, true, false])
  })

  it('each code is a fault of its own, however often a message has it', () => {
    const town = failing('E42', 'E43', 'E42', 'vendor:E42')
    expect(town.story()).toEqual(['0:00 raised pju-1 vendor:E42', '0:00 raised pju-1 vendor:E43'])
    town.pass(minute)
    town.report('pju-1', shining, ['E43'])
    town.pass(minute)
    town.report('pju-1', shining, ['E43'])
    expect(town.story()).toEqual(['2:00 cleared pju-1 vendor:E42'])
  })

  it('is not one that the catalogue has for the kind, and is one that it has for others only', () => {
    expect(failing('lamp_failure', 'comm_loss', 'video_loss').story()).toEqual([
      '0:00 raised pju-1 lamp_failure',
      '0:00 raised pju-1 vendor:video_loss',
    ])
  })

  it('goes on after a restart as it was', () => {
    const town = failing('E42')
    town.pass(minute)
    town.report('pju-1', shining)
    const engine = restored(town.written)
    engine.step({
      type: 'telemetry',
      position: 1e6,
      receivedAt: town.now + minute,
      deviceId: 'pju-1',
      source: 'broker',
      session: { connectedAt: night, number: 1 },
      retain: false,
      objects: [{ ts: town.now + minute, fields: shining, faults: [] }],
    })
    expect(engine.takeEffects().events).toMatchObject([{ event: 'cleared', fault: { code: 'vendor:E42' } }])
  })

  it('of codes without end only so many are listened to, until some are closed', () => {
    const town = failing()
    const codes = Array.from({ length: 200 }, (_, index) => `E${index}`)
    for (const code of codes) {
      town.pass(minute)
      town.report('pju-1', shining, [code])
    }
    expect(town.written.faults.size).toBe(mostVendorFaults)
    for (const [index, faultId] of [...town.written.faults.keys()].entries()) {
      town.act({ actionId: `a${index}`, faultId })
    }
    town.pass(30 * minute, { 'pju-1': shining })
    town.report('pju-1', shining, ['E999'])
    expect(town.isActive('pju-1', 'vendor:E999')).toBe(true)
  })
})
