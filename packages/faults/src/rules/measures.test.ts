import { kinds as deviceKinds } from '@ronda/contracts/device-kinds'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { describe, expect, it } from 'vitest'
import { measuresOf } from './measures.ts'
import { createRulebook } from './rulebook.ts'
import { ruleOf, rules } from './table.ts'

describe('what is drawn beside a fault', () => {
  it.each([
    ['lamp_failure', { powerW: 2, expectedPowerW: 90 }, [{ field: 'powerW', limit: 18 }]],
    // The device said so itself: nothing tells what was expected.
    ['lamp_failure', { reportedByDevice: true }, [{ field: 'powerW' }]],
    ['low_voltage', { voltageV: 198, nominalVoltageV: 230 }, [{ field: 'voltageV', limit: 207 }]],
    ['low_voltage', { voltageV: 198, phase: 'L2', nominalVoltageV: 230 }, [{ field: 'voltageL2V', limit: 207 }]],
    [
      'feeder_outage',
      { phases: 'L1, L3', voltageL1V: 3, voltageL3V: 2 },
      [
        { field: 'voltageL1V', limit: 50 },
        { field: 'voltageL3V', limit: 50 },
      ],
    ],
    ['video_loss', { signalLoss: true, lastFrameAgeMs: 90_000 }, [{ field: 'lastFrameAgeMs', limit: 60_000 }]],
    ['comm_loss', { silentMs: 9 }, []],
    ['vendor:E42', {}, []],
  ])('of %s with %j', (code, evidence, measures) => {
    expect(measuresOf(ruleOf(code), makeFault({ evidence }))).toEqual(measures)
  })

  it('has the limits that hold for the device', () => {
    const book = createRulebook({ client_overload: { limits: { clientsAbove: 80, fineBelow: 70 } } })
    const own = { client_overload: { limits: { clientsAbove: 20, fineBelow: 10 } } }
    const limitFor = (device: Parameters<typeof book.of>[0]) =>
      measuresOf(book.of(device).of('client_overload'), makeFault({ evidence: { clients: 90 } }))
    expect(limitFor({ kind: 'access-point' })).toEqual([{ field: 'clients', limit: 80 }])
    expect(limitFor({ kind: 'access-point', rules: own })).toEqual([{ field: 'clients', limit: 20 }])
  })

  it('is in the readings of every kind that can have the fault', () => {
    const evidence = { lastFrameAgeMs: 1, fps: 0 }
    const fields = new Map<string, object>(Object.entries(deviceKinds).map(([kind, facts]) => [kind, facts.fields]))
    for (const { code, kinds, ...rule } of rules) {
      for (const { field } of measuresOf({ code, kinds, ...rule }, { evidence })) {
        expect(
          kinds.some((kind) => field in (fields.get(kind) ?? {})),
          `${code} ${field}`,
        ).toBe(true)
      }
    }
  })
})
