import { isDeepStrictEqual } from 'node:util'
import { CameraEvent } from '@ronda/contracts/camera-event'
import { type Telemetry, telemetrySchemas } from '@ronda/contracts/telemetry'
import type { DeviceKind } from '@ronda/contracts/topics'
import { describe, expect, test, vi } from 'vitest'
import { exampleCity, examplePlan } from '../../test/example-city.ts'
import { createFaultBook } from '../fault-book.ts'
import { type FaultKind, canHave, faultKindNames } from '../fault-kinds.ts'
import { type Unit, createUnits } from '../unit.ts'
import { cameraEvent } from './camera.ts'
import { isSupplied } from './mains.ts'
import { measure } from './measure.ts'
import { createWorld } from './world.ts'

// A day of many devices is a lot to compute.
vi.setConfig({ testTimeout: 30_000 })

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const world = createWorld(exampleCity.profile, 1)
/** Noon and midnight of the example city, about. */
const noon = Date.UTC(2026, 5, 3, 5)
const midnight = noon + 12 * hourMs
const day = Array.from({ length: (24 * 60) / 5 }, (_, n) => noon + n * 5 * minuteMs)

function build(devices = 150) {
  const units = createUnits(examplePlan(devices), 1)
  const book = createFaultBook(world)
  const find = (test: (unit: Unit) => boolean) => {
    const unit = units.find(test)
    if (unit === undefined) throw new Error('the plan has no such device')
    return unit
  }
  return {
    units,
    book,
    ofKind: (kind: DeviceKind) => find(({ device }) => device.kind === kind),
    lamp: (supply: 'permanent' | 'switched') =>
      find(({ device }) => device.kind === 'streetlight' && device.supply === supply),
    cabinet: (supply: 'permanent' | 'switched') =>
      find(({ device, behind }) => device.kind === 'cabinet' && behind[0]?.device.supply === supply),
  }
}

/** A reading as the schema of the kind sees it; throws when that refuses it. */
function read<K extends DeviceKind>(kind: K, unit: Unit, t: number): Telemetry<K> {
  return telemetrySchemas[kind].parse(measure(world, unit, t))
}

describe('over a day', () => {
  test('every payload of every kind, healthy or with any fault, passes its schema unchanged', () => {
    const { units, book } = build(60)
    const states: (FaultKind | undefined)[] = [undefined, ...faultKindNames]
    for (const fault of states) {
      const able = units.filter(({ kind }) => fault === undefined || canHave(kind, fault))
      const concerned = [...Map.groupBy(able, ({ kind }) => kind).values()].flatMap((ofKind) => ofKind.slice(0, 3))
      expect(concerned.length).toBeGreaterThan(0)
      for (const unit of concerned) if (fault !== undefined) book.inject(unit, fault, noon)
      const touched = [...new Set(concerned.flatMap((unit) => [unit, ...unit.behind.slice(0, 3)]))]
      const changed = day
        .filter((_, n) => n % 6 === 0)
        .flatMap((t) => touched.map((unit) => ({ kind: unit.device.kind, measured: measure(world, unit, t) })))
        .filter(({ kind, measured }) => !isDeepStrictEqual(telemetrySchemas[kind].parse(measured), measured))
      expect(changed).toEqual([])
      for (const unit of concerned) if (fault !== undefined) book.recover(unit, fault, noon)
    }
  })

  test('counters only grow, through faults as well, until the device restarts', () => {
    const { units, book } = build(60)
    const kept = ['energyWh', 'operatingHours', 'switchCount']
    const sinceStart = ['txBytes', 'rxBytes', 'uptimeS']
    const latest = new Map<string, number>()
    for (const [n, t] of day.filter((_, index) => index % 2 === 0).entries()) {
      for (const [index, unit] of units.entries()) {
        const fault = faultKindNames[(n + index) % faultKindNames.length]
        if (fault === undefined || !canHave(unit.device.kind, fault)) continue
        if (unit.faults[fault] === undefined) book.inject(unit, fault, t)
        else book.recover(unit, fault, t)
      }
      for (const unit of units) {
        const measured: Record<string, unknown> = measure(world, unit, t)
        const hasRestarted = Number(measured['uptimeS']) < 10 * 60
        const fallen = [...kept, ...sinceStart].filter((counter) => {
          const value = measured[counter]
          if (typeof value !== 'number') return false
          const name = `${unit.device.id} ${counter}`
          const before = latest.get(name) ?? 0
          latest.set(name, value)
          return value < before && !(hasRestarted && sinceStart.includes(counter))
        })
        expect(fallen).toEqual([])
      }
    }
  })

  test('is the same day again for the same seed', () => {
    const [first, second] = [build(60).units, build(60).units]
    for (const t of day.filter((_, n) => n % 12 === 0)) {
      expect(first.map((unit) => measure(world, unit, t))).toEqual(second.map((unit) => measure(world, unit, t)))
    }
  })
})

describe('street lights', () => {
  test('burn at night, less after its middle, and not by day', () => {
    const lamp = build().lamp('permanent')
    const levels = [noon, midnight - 3 * hourMs, midnight + 3 * hourMs].map((t) => read('streetlight', lamp, t))
    expect(levels.map(({ dimPct }) => dimPct)).toEqual([0, 100, 60])
    const nominalW = lamp.device.nominalPowerW ?? 0
    expect((levels[1]?.powerW ?? 0) / nominalW).toBeCloseTo(1, 1)
    expect((levels[2]?.powerW ?? 0) / nominalW).toBeCloseTo(0.6, 1)
  })

  test('count the energy that they take', () => {
    const lamp = build().lamp('permanent')
    let takenWh = 0
    for (let t = noon; t < noon + 24 * hourMs; t += minuteMs) {
      const { powerW = 0 } = read('streetlight', lamp, t + minuteMs / 2)
      takenWh += (powerW < 1 ? 0 : powerW) / 60
    }
    const countedWh =
      (read('streetlight', lamp, noon + 24 * hourMs).energyWh ?? 0) - (read('streetlight', lamp, noon).energyWh ?? 0)
    expect(countedWh / takenWh).toBeCloseTo(1, 1)
  })

  test('share the voltage of their phase, and lose some along the cable', () => {
    const { units, ofKind } = build()
    const cabinet = ofKind('cabinet')
    const onPhase = units.filter(({ cabinet: feeder, device }) => feeder === cabinet && device.phase === 'L2')
    expect(onPhase.length).toBeGreaterThan(5)
    const atCabinet = read('cabinet', cabinet, midnight).voltageL2V ?? 0
    const far = onPhase.toSorted((a, b) => b.cableM - a.cableM)
    const voltages = far.map((lamp) => read('streetlight', lamp, midnight).voltageV ?? 0)
    for (const voltage of voltages) expect(Math.abs(voltage - atCabinet)).toBeLessThan(5)
    expect(voltages[0]).toBeLessThan(voltages.at(-1) ?? 0)
  })

  test('that fail take no power and say so; energy stands still', () => {
    const { lamp: find, book } = build()
    const lamp = find('permanent')
    book.inject(lamp, 'lamp_failure', midnight)
    const [first, later] = [midnight, midnight + hourMs].map((t) => read('streetlight', lamp, t))
    expect(first?.faults).toEqual(['lamp_failure'])
    expect(first?.dimPct).toBe(60)
    expect(first?.powerW).toBeLessThan(0.05 * (lamp.device.nominalPowerW ?? 0))
    expect(first?.voltageV).toBeGreaterThan(210)
    expect(later?.energyWh).toBe(first?.energyWh)
    book.recover(lamp, 'lamp_failure', midnight + hourMs)
    const mended = read('streetlight', lamp, midnight + 2 * hourMs)
    expect(mended.faults).toEqual([])
    expect(mended.energyWh).toBeGreaterThan(later?.energyWh ?? 0)
  })

  test('that burn by day take their whole power, count it and say so; at night they are as others', () => {
    const { lamp: find, book } = build()
    const lamp = find('permanent')
    book.inject(lamp, 'day_burner', noon)
    const [first, later] = [noon, noon + hourMs].map((t) => read('streetlight', lamp, t))
    expect(first).toMatchObject({ faults: ['day_burner'], dimPct: 100, commandPct: 0 })
    const nominalW = lamp.device.nominalPowerW ?? 0
    expect((first?.powerW ?? 0) / nominalW).toBeCloseTo(1, 1)
    expect((later?.energyWh ?? 0) - (first?.energyWh ?? 0)).toBeCloseTo(nominalW, 0)
    expect(read('streetlight', lamp, midnight)).toMatchObject({ faults: [], dimPct: 60 })
  })
})

describe('cabinets', () => {
  test('carry the sum of their lamps, phase by phase', () => {
    const { units, cabinet: find } = build()
    const cabinet = find('permanent')
    const lamps = units
      .filter((unit) => unit.cabinet === cabinet)
      .map((lamp) => ({ phase: lamp.device.phase, ...read('streetlight', lamp, midnight) }))
    const measured = read('cabinet', cabinet, midnight)
    const lampsW = lamps.reduce((sum, { powerW = 0 }) => sum + powerW, 0)
    expect(((measured.powerW ?? 0) - 15) / lampsW).toBeCloseTo(1, 1)
    const onL1 = lamps.filter(({ phase }) => phase === 'L1').reduce((sum, { currentA = 0 }) => sum + currentA, 0)
    expect(measured.currentL1A).toBeCloseTo(onL1, 1)
  })

  test('with a contactor close it at night, and their lamps have no supply by day', () => {
    const { units, cabinet: find } = build()
    const cabinet = find('switched')
    const lamps = units.filter((unit) => unit.cabinet === cabinet)
    const supplied = (t: number) => lamps.filter((lamp) => isSupplied(world, lamp, t)).length
    expect(read('cabinet', cabinet, noon)).toMatchObject({ contactorClosed: false, currentL1A: 0 })
    expect(read('cabinet', cabinet, noon).voltageL1V).toBeGreaterThan(210)
    expect(supplied(noon)).toBe(0)
    expect(read('cabinet', cabinet, midnight).contactorClosed).toBe(true)
    expect(supplied(midnight)).toBe(lamps.length)
  })

  test('in an outage of a phase have no voltage there, and the lamps on it have no supply', () => {
    const { units, cabinet: find, book } = build()
    const cabinet = find('permanent')
    book.inject(cabinet, 'feeder_outage', midnight, { phases: ['L3'] })
    const measured = read('cabinet', cabinet, midnight)
    expect(measured).toMatchObject({ voltageL3V: 0, currentL3A: 0 })
    expect(measured.voltageL1V).toBeGreaterThan(210)
    const lamps = units.filter((unit) => unit.cabinet === cabinet)
    const dark = lamps.filter((lamp) => !isSupplied(world, lamp, midnight))
    expect(new Set(dark.map(({ device }) => device.phase))).toEqual(new Set(['L3']))
    expect(dark).toHaveLength(lamps.filter(({ device }) => device.phase === 'L3').length)
  })

  test('with a sagging phase have low voltage there, as have the lamps on it', () => {
    const { units, cabinet: find, book } = build()
    const cabinet = find('permanent')
    for (const degree of [0, 1]) {
      book.inject(cabinet, 'low_voltage', noon, { phases: ['L1'], degree })
      const low = day.filter((t) => (read('cabinet', cabinet, t).voltageL1V ?? 0) < 0.89 * 230)
      expect(low).toHaveLength(day.length)
      expect(read('cabinet', cabinet, midnight).voltageL2V).toBeGreaterThan(0.93 * 230)
      const lamp = units.find((unit) => unit.cabinet === cabinet && unit.device.phase === 'L1')
      expect(lamp && read('streetlight', lamp, midnight).voltageV).toBeLessThan(0.89 * 230)
      book.recover(cabinet, 'low_voltage', noon)
    }
  })
})

describe('cameras', () => {
  test('without a picture say so, and how old the last frame is', () => {
    const { ofKind, book } = build()
    const camera = ofKind('camera')
    book.inject(camera, 'video_loss', noon)
    const measured = read('camera', camera, noon + minuteMs)
    expect(measured).toMatchObject({ signalLoss: true, fps: 0, bitrateKbps: 0, recording: false })
    expect(measured.lastFrameAgeMs).toBeGreaterThan(minuteMs)
  })

  test('that are tampered with see too dark, too bright or another scene: one of them', () => {
    const { ofKind, book } = build()
    const camera = ofKind('camera')
    const flags = [0, 0.5, 1].map((degree) => {
      book.inject(camera, 'image_tamper', noon, { degree })
      const { tooDark, tooBright, sceneChange, fps = 0, expectedFps = 0 } = read('camera', camera, noon)
      book.recover(camera, 'image_tamper', noon)
      expect(fps).toBeGreaterThan(0.9 * expectedFps)
      return [tooDark, sceneChange, tooBright]
    })
    expect(flags).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ])
  })

  test('count what passes: more at rush hour than at night, nothing without a picture', () => {
    const { ofKind, book } = build()
    const camera = ofKind('camera')
    const events = (from: number) =>
      Array.from({ length: 1_000 }, (_, n) => cameraEvent(world, camera, from + n * 1_000)).filter(
        (event) => event !== undefined,
      )
    const rushHour = events(noon + 5 * hourMs)
    expect(rushHour.map((event) => CameraEvent.parse(event))).toEqual(rushHour)
    expect(rushHour.length).toBeGreaterThan(3 * events(midnight + 3 * hourMs).length)
    book.inject(camera, 'video_loss', noon)
    expect(events(noon + 5 * hourMs)).toEqual([])
  })
})

test('access points with a degraded uplink are beyond both thresholds all day', () => {
  const { ofKind, book } = build()
  const point = ofKind('access-point')
  for (const degree of [0, 1]) {
    book.inject(point, 'uplink_degraded', noon, { degree })
    const readings = day.map((t) => read('access-point', point, t))
    expect(
      readings.filter(({ uplinkRttMs = 0, uplinkLossPct = 0 }) => uplinkRttMs < 210 || uplinkLossPct < 11),
    ).toEqual([])
    book.recover(point, 'uplink_degraded', noon)
  }
})

test('gateways count the devices behind them that can be reached', () => {
  const { ofKind, book } = build()
  const gateway = ofKind('gateway')
  const [first] = gateway.behind
  if (first === undefined) throw new Error('a gateway of the plan has devices behind it')
  expect(read('gateway', gateway, noon).devicesSeen).toBe(gateway.behind.length)
  book.inject(first, 'comm_loss', noon)
  expect(read('gateway', gateway, noon).devicesSeen).toBe(gateway.behind.length - 1)
})

test('a device that had no power has been up since it came back, and counts from there', () => {
  const plan = examplePlan(60)
  const cabinet = plan.find(({ kind }) => kind === 'cabinet')
  const units = createUnits(
    plan.map((device) =>
      device.kind === 'camera' ? { ...device, cabinet: cabinet?.id, phase: 'L2' as const } : device,
    ),
    1,
  )
  const camera = units.find(({ kind }) => kind === 'camera')
  if (camera?.cabinet === undefined) throw new Error('the camera has no cabinet')
  const book = createFaultBook(world)
  const uptimeS = (t: number) => read('camera', camera, t).uptimeS
  expect(uptimeS(noon)).toBeGreaterThan(3_600)
  book.inject(camera.cabinet, 'feeder_outage', noon, { phases: ['L2'] })
  book.recover(camera.cabinet, 'feeder_outage', noon + hourMs)
  expect(uptimeS(noon + hourMs + minuteMs)).toBe(60)
})

test('a lamp that cycles is switched a dozen times an hour, burns for most of it, and keeps its count', () => {
  const { lamp: find, book } = build()
  const lamp = find('permanent')
  const switchCount = (t: number) => read('streetlight', lamp, t).switchCount ?? Number.NaN
  const before = switchCount(midnight)
  book.inject(lamp, 'cycling_failure', midnight, { degree: 0.5 })
  const { powerW = 0, dimPct = 0 } = read('streetlight', lamp, midnight + hourMs / 2)
  expect(powerW / (lamp.device.nominalPowerW ?? Number.NaN) / (dimPct / 100)).toBeCloseTo(0.93, 1)
  expect(switchCount(midnight + hourMs) - before).toBe(15)
  book.recover(lamp, 'cycling_failure', midnight + hourMs)
  expect(switchCount(midnight + 2 * hourMs) - before).toBe(15)
})
