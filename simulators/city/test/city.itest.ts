import { CameraEvent } from '@ronda/contracts/camera-event'
import { telemetrySchemas } from '@ronda/contracts/telemetry'
import { createClock } from '@ronda/runtime/clock'
import { createLog } from '@ronda/runtime/log'
import { afterEach, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type CityOptions, type SimulatedCity, createCity } from '../src/city.ts'
import { createWorld } from '../src/physics/world.ts'
import { exampleCity, examplePlan } from './example-city.ts'
import { type PlainBroker, startPlainBroker } from './plain-broker.ts'

const hourMs = 3_600_000
const noon = Date.UTC(2026, 5, 3, 5)
const midnight = noon + 12 * hourMs

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

interface Line {
  level: string
  message: unknown
}

/** A log whose lines can be looked at. */
function recordingLog() {
  const lines: Line[] = []
  const log = createLog('test', 'error')
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(log, level).mockImplementation((...args: unknown[]) => void lines.push({ level, message: args.at(-1) }))
  }
  return { log, lines, count: (level: string) => lines.filter((line) => line.level === level).length }
}

interface Setup {
  devices?: number
  startAt?: number
  scale?: number
  intervalS?: number
  /** A device whose token is another one than the broker's. */
  stranger?: string
  options?: Partial<CityOptions>
}

/** Stamped time runs 60 times as fast unless told otherwise: an interval of a minute is a second. */
async function start(setup: Setup = {}) {
  const { devices = 40, startAt = midnight, scale = 60, intervalS = 60, stranger, options = {} } = setup
  const plan = examplePlan(devices, intervalS)
  const tokens = new Map(plan.map(({ id }) => [id, `token of ${id}`]))
  const broker = await startPlainBroker(new Map(tokens))
  if (stranger !== undefined) tokens.set(stranger, 'another token')
  cleanups.push(broker.stop)
  const clock = createClock({ scale, stampedOrigin: startAt, realOrigin: Date.now() })
  const { log, lines, count } = recordingLog()
  const city = createCity({
    city: exampleCity,
    plan,
    clock,
    seed: 1,
    connection: { host: '127.0.0.1', port: broker.port, tokens },
    faultsPerMinute: 0,
    log,
    ...options,
  })
  cleanups.push(city.stop)
  return { plan, broker, city, clock, lines, count }
}

async function allConnected(city: SimulatedCity, devices: number): Promise<void> {
  await vi.waitFor(() => expect(city.stats().connected).toBe(devices), within)
}

async function nextReading(broker: PlainBroker, id: string): Promise<Record<string, unknown>> {
  const before = broker.readings(id).length
  await vi.waitFor(() => expect(broker.readings(id).length).toBeGreaterThan(before), within)
  return broker.readings(id)[before] ?? {}
}

/** Readings of the largest array that the device has sent. */
function largestBacklog(broker: PlainBroker, id: string): number {
  const payloads = broker.from(id, 'telemetry').map(({ payload }) => payload)
  return Math.max(0, ...payloads.map((payload) => (Array.isArray(payload) ? payload.length : 0)))
}

test('every device connects as itself, is born, and reports in turn what its kind measures', async () => {
  const { plan, broker, city, clock } = await start()
  await allConnected(city, 40)
  await vi.waitFor(() => {
    for (const { id } of plan) expect(broker.readings(id).length).toBeGreaterThanOrEqual(3)
  }, within)
  for (const { id, kind } of plan) {
    expect(broker.from(id, 'status')).toMatchObject([
      { topic: `example/v1/${kind}/${id}/status`, payload: { online: true }, retain: true, qos: 1 },
    ])
    const [message] = broker.from(id, 'telemetry')
    expect(message).toMatchObject({ topic: `example/v1/${kind}/${id}/telemetry`, qos: 1, retain: false })
    const readings = broker.readings(id)
    expect(readings.map((reading) => telemetrySchemas[kind].parse(reading))).toEqual(readings)
    // Readings that waited for each other are sent at one time.
    for (const field of ['ts', 'sentAt']) {
      const inOrder = [midnight, ...readings.map((reading) => Number(reading[field])), clock.now()]
      expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
    }
    expect(readings.filter(({ ts, sentAt }) => Number(ts) > Number(sentAt))).toEqual([])
  }
})

test('devices spread over the interval', async () => {
  const { plan, broker, city } = await start({ devices: 40, intervalS: 120 })
  await allConnected(city, 40)
  await vi.waitFor(() => expect(broker.readings('pju-00001').length).toBeGreaterThanOrEqual(2), within)
  await vi.waitFor(() => {
    const readings = plan.flatMap(({ id }) => broker.readings(id))
    const thirds = new Set(readings.map(({ ts }) => Math.floor((Number(ts) % 120_000) / 40_000)))
    expect(thirds.size).toBe(3)
  }, within)
})

test('cameras tell what passes, as metadata', async () => {
  const { broker, plan } = await start({ devices: 40, startAt: noon + 5 * hourMs })
  const camera = plan.find(({ kind }) => kind === 'camera')?.id ?? ''
  await vi.waitFor(() => expect(broker.from(camera, 'event').length).toBeGreaterThan(3), within)
  const events = broker.from(camera, 'event').flatMap(({ payload }) => payload)
  expect(events.map((event) => CameraEvent.parse(event))).toEqual(events)
})

test('an injected lamp failure is in the next payload, and gone from the one after it recovers', async () => {
  const { broker, city } = await start()
  await allConnected(city, 40)
  const lamp = city.device('pju-00001')
  expect(await nextReading(broker, 'pju-00001')).toMatchObject({ faults: [], dimPct: 60 })
  const failing = nextReading(broker, 'pju-00001')
  lamp.injectFault('lamp_failure')
  expect(lamp.faults).toEqual(['lamp_failure'])
  const failed = await failing
  expect(failed).toMatchObject({ faults: ['lamp_failure'], dimPct: 60 })
  expect(failed['powerW']).toBeLessThan(1)
  const mending = nextReading(broker, 'pju-00001')
  lamp.recover('lamp_failure')
  expect(await mending).toMatchObject({ faults: [] })
  expect(city.truth).toMatchObject([{ deviceId: 'pju-00001', kind: 'lamp_failure' }])
  expect(city.truth[0]?.until).toBeGreaterThan(city.truth[0]?.since ?? Infinity)
})

test('a device whose radio link is lost goes without a word, and brings along what it measured meanwhile', async () => {
  const { broker, city } = await start()
  await allConnected(city, 40)
  await nextReading(broker, 'pju-00001')
  const lamp = city.device('pju-00001')
  lamp.injectFault('comm_loss')
  await vi.waitFor(() => expect(broker.from('pju-00001', 'status').at(-1)?.payload).toEqual({ online: false }), within)
  expect(lamp.isConnected).toBe(false)
  // What its neighbour reports four times, it measures at least three times.
  const reported = broker.readings('pju-00002').length
  await vi.waitFor(() => expect(broker.readings('pju-00002').length).toBeGreaterThan(reported + 3), within)
  lamp.recover('comm_loss')
  await vi.waitFor(() => expect(broker.from('pju-00001', 'status').at(-1)?.payload).toEqual({ online: true }), within)
  await vi.waitFor(() => expect(largestBacklog(broker, 'pju-00001')).toBeGreaterThanOrEqual(3), within)
  // What was on its way when the link broke may come twice: then it is the same reading.
  const sequence = [...new Set(broker.readings('pju-00001').map(({ seq }) => seq))]
  expect(sequence).toEqual(sequence.map((_, n) => n))
})

test('all behind an uplink that is cut drop off, measure on, and are back with it', async () => {
  const { broker, city, plan } = await start()
  await allConnected(city, 40)
  const behind = plan.filter(({ district }) => district === 'east').map(({ id }) => id)
  expect(behind.length).toBeGreaterThan(10)
  const district = city.place('district', 'east')
  district.injectFault('uplink_outage')
  expect(district.faults).toEqual(['uplink_outage'])
  expect(city.stats().connected).toBe(40 - behind.length)
  await vi.waitFor(() => {
    for (const id of behind) expect(broker.from(id, 'status').at(-1)?.payload).toEqual({ online: false })
  }, within)
  await vi.waitFor(() => expect(city.stats().backlog).toBeGreaterThan(2 * behind.length), within)
  district.recover('uplink_outage')
  await allConnected(city, 40)
  await vi.waitFor(() => {
    for (const id of behind) expect(largestBacklog(broker, id)).toBeGreaterThanOrEqual(2)
  }, within)
  expect(city.truth).toMatchObject([{ deviceId: 'east', subject: 'district', kind: 'uplink_outage' }])
  expect(() => city.place('site', 'nowhere')).toThrow('the plan has no site nowhere')
})

test('a device whose clock is wrong stamps by it what it measures and when it sends', async () => {
  const { broker, city, clock } = await start()
  await allConnected(city, 40)
  const lamp = city.device('pju-00001')
  lamp.injectFault('clock_drift', { degree: 1 })
  const aheadMs = 12 * 60_000
  const wrong = await nextReading(broker, 'pju-00001')
  expect(Number(wrong['ts'])).toBeGreaterThan(clock.now() + aheadMs - 60_000)
  expect(Number(wrong['sentAt'])).toBeGreaterThanOrEqual(Number(wrong['ts']))
  lamp.recover('clock_drift')
  await vi.waitFor(() => {
    expect(Number(broker.readings('pju-00001').at(-1)?.['sentAt'])).toBeLessThanOrEqual(clock.now())
  }, within)
})

test('a device that reboots goes without a word, forgets what waits, and is back within a minute or so', async () => {
  const { broker, city, clock } = await start()
  await allConnected(city, 40)
  await nextReading(broker, 'cctv-0001')
  const camera = city.device('cctv-0001')
  const rebootedAt = clock.now()
  camera.reboot()
  expect(camera.isConnected).toBe(false)
  await vi.waitFor(() => expect(broker.from('cctv-0001', 'status').at(-1)?.payload).toEqual({ online: false }), within)
  // What was on its way is of before.
  const uptimeS = () => Number(broker.readings('cctv-0001').at(-1)?.['uptimeS'])
  await vi.waitFor(() => expect(uptimeS()).toBeLessThan(240), within)
  const { since } = city.oddities[0] ?? { since: 0 }
  expect(city.oddities).toEqual([{ deviceId: 'cctv-0001', what: 'reboot', since, until: since }])
  expect(since).toBeGreaterThanOrEqual(rebootedAt)
  expect(city.truth).toEqual([])
})

test('a device with a burst sends what has waited one by one, in any order, and some of it twice', async () => {
  const { broker, city } = await start({ intervalS: 20 })
  await allConnected(city, 40)
  const lamp = city.device('pju-00001')
  lamp.setQuirk('burst', true)
  lamp.injectFault('comm_loss')
  await vi.waitFor(() => expect(broker.from('pju-00001', 'status').at(-1)?.payload).toEqual({ online: false }), within)
  const alreadySent = broker.from('pju-00001', 'telemetry').length
  const reported = broker.readings('pju-00002').length
  await vi.waitFor(() => expect(broker.readings('pju-00002').length).toBeGreaterThan(reported + 12), within)
  const before = broker.readings('pju-00001').length
  lamp.recover('comm_loss')
  await vi.waitFor(() => expect(broker.readings('pju-00001').length).toBeGreaterThan(before + 12), within)
  const numbers = broker.readings('pju-00001').map(({ seq }) => Number(seq))
  const distinct = [...new Set(numbers)]
  expect(distinct.toSorted((a, b) => a - b)).toEqual(distinct.map((_, n) => n))
  expect(distinct).not.toEqual(distinct.toSorted((a, b) => a - b))
  expect(numbers.length).toBeGreaterThan(distinct.length)
  const burst = broker.from('pju-00001', 'telemetry').slice(alreadySent)
  expect(burst.filter(({ payload }) => Array.isArray(payload))).toEqual([])
  await vi.waitFor(() => expect(city.stats().backlog).toBe(0), within)
  expect(city.stats().acknowledgedOutOfOrder).toBe(0)
})

test('a device with fields missing leaves out the same ones until it is over', async () => {
  const { broker, city } = await start()
  await allConnected(city, 40)
  const whole = Object.keys(await nextReading(broker, 'pju-00001'))
  const lamp = city.device('pju-00001')
  lamp.setQuirk('missing-fields', true)
  const broken = Object.keys(await nextReading(broker, 'pju-00001'))
  expect(broken.length).toBeLessThan(whole.length - 4)
  expect(broken).toEqual(expect.arrayContaining(['ts', 'seq', 'sentAt', 'faults']))
  expect(Object.keys(await nextReading(broker, 'pju-00001'))).toEqual(broken)
  lamp.setQuirk('missing-fields', false)
  expect(Object.keys(await nextReading(broker, 'pju-00001'))).toEqual(whole)
})

test('lamps on a dead phase are silent until it is back; the cabinet says so at once', async () => {
  const { broker, city, plan } = await start()
  await allConnected(city, 40)
  const onPhase = plan.filter(({ phase }) => phase === 'L2').map(({ id }) => id)
  expect(onPhase.length).toBeGreaterThan(5)
  const cabinet = city.device('panel-0001')
  cabinet.injectFault('feeder_outage', { phases: ['L2'] })
  await vi.waitFor(() => expect(broker.readings('panel-0001').at(-1)).toMatchObject({ voltageL2V: 0 }), within)
  await vi.waitFor(() => {
    for (const id of onPhase) expect(broker.from(id, 'status').at(-1)?.payload).toEqual({ online: false })
  }, within)
  expect(city.stats().connected).toBe(40 - onPhase.length)
  const before = onPhase.map((id) => broker.readings(id).length)
  // Others report twice meanwhile: time passes, and the lamps stay silent.
  await nextReading(broker, 'panel-0001')
  await nextReading(broker, 'panel-0001')
  expect(onPhase.map((id) => broker.readings(id).length)).toEqual(before)
  cabinet.recover('feeder_outage')
  await allConnected(city, 40)
  await vi.waitFor(() => {
    for (const [n, id] of onPhase.entries()) expect(broker.readings(id).length).toBeGreaterThan(before[n] ?? 0)
  }, within)
})

test('lamps behind a contactor drop off in the morning, and the cabinet has said why', async () => {
  const world = createWorld(exampleCity.profile, 1)
  const { offAt } = world.nights.at(midnight)
  const { broker, city, plan } = await start({ devices: 200, startAt: offAt - 20 * 60_000, scale: 120, intervalS: 120 })
  const switched = plan.filter(({ kind, supply }) => kind === 'streetlight' && supply === 'switched')
  const cabinets = [...new Set(switched.flatMap(({ cabinet }) => cabinet ?? []))]
  expect(cabinets.length).toBeGreaterThan(0)
  await allConnected(city, 200)
  await allConnected(city, 200 - switched.length)
  await vi.waitFor(() => {
    for (const id of cabinets) expect(broker.readings(id).at(-1)).toMatchObject({ contactorClosed: false })
    for (const { id } of switched) expect(broker.from(id, 'status').at(-1)?.payload).toEqual({ online: false })
  }, within)
})

test('a broker that was away gets everything that was measured, in order; the log has one line for it and one for its end', async () => {
  const { plan, broker, city, count, lines } = await start()
  await allConnected(city, 40)
  await broker.stop()
  await vi.waitFor(() => expect(city.stats().connected).toBe(0), within)
  await vi.waitFor(() => expect(city.stats().backlog).toBeGreaterThan(80), within)
  await broker.start()
  await allConnected(city, 40)
  await vi.waitFor(() => expect(city.stats().backlog).toBeLessThan(10), within)
  for (const { id } of plan.filter(({ kind }) => kind === 'streetlight')) {
    // A message that was on its way when the connection broke may arrive twice: then it is the same reading.
    const sequence = [...new Set(broker.readings(id).map(({ seq }) => Number(seq)))]
    expect(sequence).toEqual(sequence.map((_, n) => n))
  }
  expect(count('error')).toBe(0)
  expect(lines).toEqual([
    { level: 'warn', message: 'devices cannot reach the broker' },
    { level: 'info', message: 'all devices are connected again' },
  ])
})

test('a broker that keeps its acknowledgements back has one message of each device, and then the rest', async () => {
  const { broker, city, clock } = await start()
  await allConnected(city, 40)
  await nextReading(broker, 'pju-00001')
  broker.withhold = true
  const before = broker.from('pju-00001', 'telemetry').length
  // Four intervals: one reading on its way, at least two that wait.
  const later = clock.now() + 4 * 60_000
  await vi.waitFor(() => expect(clock.now()).toBeGreaterThan(later), within)
  expect(broker.from('pju-00001', 'telemetry')).toHaveLength(before)
  broker.withhold = false
  await vi.waitFor(() => expect(largestBacklog(broker, 'pju-00001')).toBeGreaterThanOrEqual(2), within)
  expect(broker.from('pju-00001', 'telemetry')[before]?.payload).not.toBeInstanceOf(Array)
  // What was on its way when the link broke may come twice: then it is the same reading.
  const sequence = [...new Set(broker.readings('pju-00001').map(({ seq }) => seq))]
  expect(sequence).toEqual(sequence.map((_, n) => n))
})

test('a device that the broker does not know tries a few times, then says so, and does not disturb the others', async () => {
  const refused: string[] = []
  const { city, broker, count } = await start({
    devices: 10,
    stranger: 'pju-00003',
    options: { onRefused: (id) => refused.push(id) },
  })
  await vi.waitFor(() => expect(refused).toEqual(['pju-00003']), within)
  expect(city.stats()).toMatchObject({ connected: 9, refused: 1 })
  expect(count('error')).toBe(0)
  expect(broker.clients).toBe(9)
})

test('a city that stops says goodbye: no will is published', async () => {
  const { broker, city } = await start()
  await allConnected(city, 40)
  await city.stop()
  await vi.waitFor(() => expect(broker.clients).toBe(0), within)
  const last = broker.received.filter(({ channel }) => channel === 'status').map(({ payload }) => payload)
  expect(last).toHaveLength(40)
  expect(last.filter((payload) => (payload as { online: boolean }).online)).toHaveLength(40)
})

test('a city that stops while nothing is acknowledged does not wait for ever', async () => {
  const { broker, city } = await start({ devices: 10 })
  await allConnected(city, 10)
  broker.withhold = true
  await vi.waitFor(() => expect(city.stats().backlog).toBeGreaterThan(10), within)
  await city.stop()
  await vi.waitFor(() => expect(broker.clients).toBe(0), within)
})

test('random faults are there from the start, and what they are is known', async () => {
  const { broker, city, plan } = await start({ devices: 300, options: { faultsPerMinute: 1.5 } })
  const failed = city.truth.find(({ kind }) => kind === 'lamp_failure')?.deviceId ?? ''
  await vi.waitFor(() => expect(broker.readings(failed)[0]).toMatchObject({ faults: ['lamp_failure'] }), within)
  expect(city.stats().activeFaults).toBeGreaterThan(5)
  const known = new Set(plan.flatMap(({ id, site, district }) => [id, district, ...(site === undefined ? [] : [site])]))
  expect(city.truth.filter(({ deviceId }) => !known.has(deviceId))).toEqual([])
})

test('a plan without a token for a device, or a device without a plan, is a mistake', async () => {
  const { city, plan, clock, broker } = await start({ devices: 3 })
  expect(() => city.device('pju-99999')).toThrow('the plan has no device pju-99999')
  expect(() => city.device('pju-00001').injectFault('video_loss')).toThrow('cannot have video_loss')
  const connection = { host: '127.0.0.1', port: broker.port, tokens: new Map<string, string>() }
  expect(() =>
    createCity({ city: exampleCity, plan, clock, seed: 1, connection, faultsPerMinute: 0, log: recordingLog().log }),
  ).toThrow('has no token')
})
