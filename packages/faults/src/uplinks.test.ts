// What loses touch together is one fault of what it speaks through, and what was cut is not taken for it.
import { describe, expect, it } from 'vitest'
import {
  type Reading,
  type Town,
  createTown,
  dead,
  minute,
  night,
  noon,
  powered,
  restored,
  shining,
} from '../test/town.ts'

const fine: Reading = { fps: 25 }
const busy: Reading = { clients: 3 }
const closed: Reading = { ...powered, contactorClosed: true }
const open: Reading = { ...powered, contactorClosed: false }
const connected: Reading = { devicesSeen: 1 }

function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`)
}

function all(names: readonly string[], reading: Reading): Record<string, Reading> {
  return Object.fromEntries(names.map((id) => [id, reading]))
}

/** What the control room shows: active faults that nothing else explains, as `device code children`. */
function visible(town: Town): string[] {
  return [...town.written.faults.values()]
    .filter(({ fault }) => fault.active && fault.parentId === undefined)
    .map(({ fault }) => `${fault.deviceId} ${fault.code} ${fault.children}`)
    .toSorted()
}

function parentOf(town: Town, id: string, code: string): string | undefined {
  const parentId = town.fault(id, code)?.parentId
  const parent = [...town.written.faults.values()].find(({ fault }) => fault.id === parentId)?.fault
  return parent === undefined ? undefined : `${parent.deviceId} ${parent.code}`
}

/** A gateway that carries three cabinets of eight lamps each. */
function gatewayTown(more: { cabinetGateway?: string; intervalS?: number } = {}) {
  const town = createTown({ at: night })
  town.register('gw-1')
  const cabinets = ['pnl-1', 'pnl-2', 'pnl-3']
  const gateway = more.cabinetGateway
  for (const id of cabinets) town.register(id, gateway === undefined ? {} : { gateway })
  const lamps = cabinets.map((cabinet, index) => {
    const names = ids(`pju-${index + 1}`, 8)
    for (const id of names) {
      town.register(id, { cabinet, circuit: 'A', gateway: 'gw-1', intervalS: more.intervalS ?? 60 })
    }
    return names
  })
  return { town, cabinets, lamps, allLamps: lamps.flat() }
}

describe('a gateway dies', () => {
  it('one row, with its cabinets and lamps beneath it, until it is back', () => {
    const { town, cabinets, allLamps } = gatewayTown()
    const life = { 'gw-1': connected, ...all(cabinets, powered), ...all(allLamps, shining) }
    town.pass(5 * minute, life)
    town.status('gw-1', { online: false, will: true })
    town.pass(6 * minute, all(cabinets, powered))
    expect(visible(town)).toHaveLength(1)
    expect(town.fault('gw-1', 'uplink_outage')).toMatchObject({
      active: true,
      severity: 'critical',
      kind: 'gateway',
      evidence: { affected: 24, devices: 24 },
      message: {
        en: 'Uplink outage: 24 of 24 devices silent',
        id: 'Sambungan terputus: 24 dari 24 perangkat tidak ada kabar',
      },
    })
    expect(parentOf(town, 'gw-1', 'comm_loss')).toBe('gw-1 uplink_outage')
    expect(cabinets.map((id) => parentOf(town, id, 'feeder_outage'))).toEqual(cabinets.map(() => 'gw-1 uplink_outage'))
    town.reconnect()
    town.pass(5 * minute, life)
    expect(visible(town)).toEqual([])
  })

  it('that has one cabinet of its own: told by its own silence from a cut of the cabinet, which it is not', () => {
    const town = createTown({ at: night })
    town.register('gw-1')
    town.register('pnl-1')
    const lamps = ids('pju-', 12)
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', gateway: 'gw-1' })
    town.pass(5 * minute, { 'gw-1': connected, 'pnl-1': powered, ...all(lamps, shining) })
    town.pass(6 * minute, { 'pnl-1': powered })
    // Its own silence and the cabinet's outage, which has the lamps beneath it.
    expect(visible(town)).toEqual(['gw-1 uplink_outage 2'])
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ children: 12 })
  })

  it('with fewer than ten devices behind it: they are beneath its own silence', () => {
    const town = createTown({ at: night })
    town.register('gw-1', { site: 'taman' })
    const points = ids('ap-', 5)
    for (const id of points) town.register(id, { gateway: 'gw-1', site: 'taman' })
    town.pass(5 * minute, { 'gw-1': connected, ...all(points, busy) })
    town.pass(6 * minute)
    expect(visible(town)).toEqual(['gw-1 comm_loss 5'])
    const [broken = '', ...rest] = points
    town.pass(3 * minute, { 'gw-1': connected, ...all(rest, busy) })
    expect(visible(town)).toEqual([])
    town.pass(3 * minute, { 'gw-1': connected, ...all(rest, busy) })
    expect(visible(town)).toEqual([`${broken} comm_loss 0`])
  })

  it.each([
    { silent: 9, of: 12, isOut: false },
    { silent: 10, of: 12, isOut: true },
    { silent: 12, of: 20, isOut: true },
    { silent: 12, of: 21, isOut: false },
  ])('$silent of $of silent are an outage: $isOut', ({ silent, of, isOut }) => {
    const town = createTown({ at: night })
    town.register('gw-1')
    const cameras = ids('cam-', of)
    for (const id of cameras) town.register(id, { gateway: 'gw-1' })
    town.pass(2 * minute, { 'gw-1': connected, ...all(cameras, fine) })
    town.pass(6 * minute, { 'gw-1': connected, ...all(cameras.slice(silent), fine) })
    expect(town.isActive('gw-1', 'uplink_outage')).toBe(isOut)
  })

  it('is counted by the limits of the city and of the gateway', () => {
    const town = createTown({ at: night, rules: { uplink_outage: { limits: { outAtLeast: 4 } } } })
    town.register('gw-1')
    town.register('gw-2', { rules: { uplink_outage: { limits: { outAtLeast: 5 } } } })
    const [left, right] = [ids('cam-1', 4), ids('cam-2', 4)]
    for (const id of left) town.register(id, { gateway: 'gw-1', district: 'pamulang' })
    for (const id of right) town.register(id, { gateway: 'gw-2', district: 'setu' })
    const gateways = { 'gw-1': connected, 'gw-2': connected }
    town.pass(2 * minute, { ...gateways, ...all([...left, ...right], fine) })
    town.pass(6 * minute, gateways)
    expect(['gw-1', 'gw-2'].map((id) => town.isActive(id, 'uplink_outage'))).toEqual([true, false])
  })

  it('and is over when fewer than 20 % are silent', () => {
    const town = createTown({ at: night })
    town.register('gw-1')
    const cameras = ids('cam-', 20)
    for (const id of cameras) town.register(id, { gateway: 'gw-1' })
    town.pass(2 * minute, { 'gw-1': connected, ...all(cameras, fine) })
    town.pass(6 * minute, { 'gw-1': connected })
    town.pass(2 * minute, { 'gw-1': connected, ...all(cameras.slice(4), fine) })
    expect(town.fault('gw-1', 'uplink_outage')).toMatchObject({ active: true, evidence: { affected: 4, devices: 20 } })
    town.pass(2 * minute, { 'gw-1': connected, ...all(cameras.slice(3), fine) })
    expect(town.isActive('gw-1', 'uplink_outage')).toBe(false)
    expect(visible(town)).toEqual([])
    town.pass(3 * minute, { 'gw-1': connected, ...all(cameras.slice(3), fine) })
    expect(visible(town)).toEqual(cameras.slice(0, 3).map((id) => `${id} comm_loss 0`))
  })
})

describe('a cabinet is cut', () => {
  it.each([
    { what: 'and tells of it', reading: dead, children: 30 },
    { what: 'and falls silent', reading: undefined, children: 31 },
  ])('$what: one row, no uplink is blamed', ({ reading, children }) => {
    const town = createTown({ at: night })
    town.register('gw-1', { site: 'taman' })
    town.register('pnl-1', { site: 'taman' })
    const lamps = ids('pju-', 30)
    for (const [index, id] of lamps.entries()) {
      const circuit = 'ABC'.charAt(index % 3)
      town.register(id, { cabinet: 'pnl-1', circuit, gateway: 'gw-1', site: 'taman' })
    }
    const cameras = ids('cam-', 3)
    for (const id of cameras) town.register(id, { site: 'taman' })
    const others = { 'gw-1': connected, ...all(cameras, fine) }
    town.pass(5 * minute, { 'pnl-1': powered, ...all(lamps, shining), ...others })
    town.pass(10 * minute, { ...(reading === undefined ? {} : { 'pnl-1': reading }), ...others })
    expect(visible(town)).toEqual([`pnl-1 feeder_outage ${children}`])
    expect(town.events.filter(({ fault }) => fault.code === 'uplink_outage')).toEqual([])
    town.pass(5 * minute, { 'pnl-1': powered, ...all(lamps, shining), ...others })
    expect(visible(town)).toEqual([])
  })

  it('that supplies the cameras of a site too: they are beneath it', () => {
    const town = createTown({ at: night })
    town.register('pnl-1', { site: 'taman' })
    const lamps = ids('pju-', 6)
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', site: 'taman' })
    const cameras = ids('cam-', 12)
    for (const id of cameras) town.register(id, { cabinet: 'pnl-1', site: 'taman' })
    const life = { 'pnl-1': powered, ...all(lamps, shining), ...all(cameras, fine) }
    town.pass(5 * minute, life)
    town.pass(8 * minute)
    expect(visible(town)).toEqual(['pnl-1 feeder_outage 19'])
  })

  it('by day, behind an open contactor, its lamps are nobody’s loss', () => {
    const town = createTown({ at: noon })
    town.register('gw-1')
    town.register('pnl-1', { gateway: 'gw-1' })
    const lamps = ids('pju-', 20)
    for (const id of lamps) {
      town.register(id, { cabinet: 'pnl-1', circuit: 'A', gateway: 'gw-1', supply: 'switched' })
    }
    const cameras = ids('cam-', 12)
    for (const id of cameras) town.register(id, { gateway: 'gw-1' })
    const others = { 'gw-1': connected, ...all(cameras, fine) }
    town.pass(5 * minute, { 'pnl-1': closed, ...all(lamps, shining), ...others })
    town.pass(30 * minute, { 'pnl-1': open, ...others })
    expect(town.story()).toEqual([])
    // Without them the cameras are all that there is.
    town.pass(6 * minute, { 'pnl-1': open })
    expect(town.fault('gw-1', 'uplink_outage')).toMatchObject({ evidence: { affected: 12, devices: 13 } })
    expect(visible(town)).toHaveLength(1)
  })

  it('two of three behind a gateway: each its own row', () => {
    const { town, cabinets, lamps, allLamps } = gatewayTown()
    town.pass(5 * minute, { 'gw-1': connected, ...all(cabinets, powered), ...all(allLamps, shining) })
    town.pass(10 * minute, { 'gw-1': connected, 'pnl-1': powered, ...all(lamps[0] ?? [], shining) })
    expect(visible(town)).toEqual(['pnl-2 feeder_outage 9', 'pnl-3 feeder_outage 9'])
  })
})

describe('a site', () => {
  it('whose rule was switched off while the engine was away: its row is cleared with the first record', () => {
    const town = createTown({ at: night })
    const cameras = ids('cam-', 12)
    for (const camera of cameras) town.register(camera, { site: 'taman-kota' })
    town.pass(5 * minute, all(cameras, fine))
    town.pass(6 * minute)
    expect(visible(town)).toEqual(['taman-kota uplink_outage 12'])
    const engine = restored(town.written, { rules: { uplink_outage: { enabled: false } } })
    engine.step({ type: 'heartbeat', position: 1e6, receivedAt: town.now, source: 'broker', accepting: true })
    const { events } = engine.takeEffects()
    expect(events.find(({ fault }) => fault.code === 'uplink_outage')).toMatchObject({
      event: 'cleared',
      entry: { note: 'rule switched off' },
    })
  })

  it('without supply: one row where it is, of the agency that keeps gateways', () => {
    const town = createTown({ at: night })
    const cameras = ids('cam-', 6)
    const points = ids('ap-', 6)
    for (const [index, id] of [...cameras, ...points].entries()) {
      town.register(id, { site: 'taman-kota', latitude: -6.3 + index / 1_000, longitude: 106.7, agency: 'dishub' })
    }
    const life = { ...all(cameras, fine), ...all(points, busy) }
    town.pass(5 * minute, life)
    town.pass(6 * minute)
    expect(visible(town)).toEqual(['taman-kota uplink_outage 12'])
    const fault = town.fault('taman-kota', 'uplink_outage')
    expect(fault).toMatchObject({
      uid: expect.stringMatching(/^[a-z0-9]{10}$/),
      kind: 'site',
      name: 'taman-kota',
      district: 'serpong',
      agency: 'diskominfo',
      latitude: -6.2945,
      longitude: 106.7,
    })
    town.act({ actionId: 'a', faultId: fault?.id ?? '' })
    town.pass(3 * minute, life)
    expect(town.written.faults.size).toBe(0)
    // Ten minutes have not passed: the same fault once more.
    town.pass(6 * minute)
    expect(town.fault('taman-kota', 'uplink_outage')).toMatchObject({ id: fault?.id, occurrences: 2 })
  })

  it('of one gateway alone is not blamed for the gateway', () => {
    const town = createTown({ at: night })
    town.register('gw-1', { site: 'taman' })
    const cameras = ids('cam-', 12)
    for (const id of cameras) town.register(id, { gateway: 'gw-1', site: 'taman' })
    town.pass(5 * minute, { 'gw-1': connected, ...all(cameras, fine) })
    town.pass(6 * minute)
    expect(visible(town)).toEqual(['gw-1 uplink_outage 13'])
  })
})

/** Three cabinets, a site with a gateway, cameras; another district that nothing happens to. */
function districtTown(lampIntervalS = 60) {
  const town = createTown({ at: night })
  const cabinets = ['pnl-1', 'pnl-2', 'pnl-3']
  for (const id of cabinets) town.register(id)
  const lamps = cabinets.flatMap((cabinet, index) =>
    ids(`pju-${index + 1}`, 8).map(
      (id) => (town.register(id, { cabinet, circuit: 'A', intervalS: lampIntervalS }), id),
    ),
  )
  town.register('gw-1', { site: 'taman' })
  const points = ids('ap-', 11)
  for (const id of points) town.register(id, { gateway: 'gw-1', site: 'taman' })
  const cameras = ids('cam-', 6)
  for (const id of cameras) town.register(id)
  const elsewhere = ids('cam-9', 5)
  for (const id of elsewhere) town.register(id, { district: 'pamulang' })
  const gateway = { 'gw-1': connected, ...all(points, busy) }
  const within = { ...all(cabinets, powered), ...gateway, ...all(lamps, shining), ...all(cameras, fine) }
  return { town, cabinets, lamps, points, within, gateway, elsewhere: all(elsewhere, fine) }
}

describe('a district loses touch', () => {
  it('one row, whatever was found before, and all of it is back', () => {
    const { town, cabinets, within, elsewhere } = districtTown()
    town.pass(5 * minute, { ...within, ...elsewhere })
    town.pass(10 * minute, elsewhere)
    expect(visible(town)).toHaveLength(1)
    expect(town.fault('serpong', 'uplink_outage')).toMatchObject({
      kind: 'district',
      name: 'Serpong',
      district: 'serpong',
      evidence: { affected: 45, devices: 45 },
    })
    expect(cabinets.map((id) => parentOf(town, id, 'feeder_outage'))).toEqual(
      cabinets.map(() => 'serpong uplink_outage'),
    )
    expect(parentOf(town, 'gw-1', 'uplink_outage')).toBe('serpong uplink_outage')
    town.pass(3 * minute, { ...within, ...elsewhere })
    expect(visible(town)).toEqual([])
    town.pass(30 * minute, { ...within, ...elsewhere })
    expect(visible(town)).toEqual([])
  })

  it('whose lamps report seldom and are missed long after its cameras: still one row', () => {
    const { town, lamps, within, elsewhere } = districtTown(900)
    town.pass(5 * minute, { ...within, ...elsewhere })
    for (const id of lamps) town.report(id, shining)
    town.pass(minute, { ...within, ...elsewhere })
    town.pass(60 * minute, elsewhere)
    expect(visible(town)).toEqual([expect.stringMatching(/^serpong uplink_outage/)])
  })

  it('and one gateway stays away when the rest is back: it gets its time, then it is a row of its own', () => {
    const { town, within, gateway, elsewhere } = districtTown()
    town.pass(5 * minute, { ...within, ...elsewhere })
    town.pass(10 * minute, elsewhere)
    town.act({ actionId: 'a', faultId: town.fault('serpong', 'uplink_outage')?.id ?? '' })
    const back = Object.fromEntries(Object.entries(within).filter(([id]) => !(id in gateway)))
    town.pass(3 * minute, { ...back, ...elsewhere })
    expect(visible(town)).toEqual([])
    town.pass(3 * minute, { ...back, ...elsewhere })
    expect(visible(town)).toEqual(['gw-1 uplink_outage 12'])
    // Whoever took on the district has not taken on what came to light since.
    expect(town.fault('gw-1', 'uplink_outage')).toMatchObject({ acknowledged: false })
  })

  it('while a gateway had been dead for an hour: two things are wrong, and two are shown', () => {
    const { town, within, gateway, elsewhere } = districtTown()
    const rest = Object.fromEntries(Object.entries(within).filter(([id]) => !(id in gateway)))
    town.pass(5 * minute, { ...within, ...elsewhere })
    town.pass(60 * minute, { ...rest, ...elsewhere })
    town.pass(10 * minute, elsewhere)
    expect(visible(town)).toEqual(['gw-1 uplink_outage 12', expect.stringMatching(/^serpong uplink_outage/)])
    town.pass(10 * minute, { ...rest, ...elsewhere })
    expect(visible(town)).toEqual(['gw-1 uplink_outage 12'])
  })

  it('who takes it on takes on all that is beneath, to the last lamp', () => {
    const { town, within, elsewhere } = districtTown()
    town.pass(5 * minute, { ...within, ...elsewhere })
    town.pass(10 * minute, elsewhere)
    town.act({ actionId: 'a', faultId: town.fault('serpong', 'uplink_outage')?.id ?? '' })
    expect([...town.written.faults.values()].filter(({ fault }) => fault.acknowledgedBy !== 'sari')).toEqual([])
    town.pass(5 * minute, { ...within, ...elsewhere })
    expect(town.written.faults.size).toBe(0)
  })
})

describe('two causes at once', () => {
  it('of which each could be the other’s: one of them is', () => {
    const town = createTown({ at: night })
    const [left, right] = [ids('cam-1', 10), ids('cam-2', 10)]
    town.register('gw-1', { gateway: 'gw-2' })
    town.register('gw-2', { gateway: 'gw-1' })
    for (const id of left) town.register(id, { gateway: 'gw-1' })
    for (const id of right) town.register(id, { gateway: 'gw-2', district: 'pamulang' })
    town.pass(5 * minute, { 'gw-1': connected, 'gw-2': connected, ...all([...left, ...right], fine) })
    town.pass(8 * minute)
    const outages = ['gw-1', 'gw-2'].map((id) => parentOf(town, id, 'uplink_outage'))
    expect(outages.filter((parent) => parent === 'gw-1 uplink_outage' || parent === 'gw-2 uplink_outage')).toHaveLength(
      1,
    )
  })

  it('a cabinet without voltage in a district without touch: each for itself, whichever is over first', () => {
    const { town, within, elsewhere, lamps } = districtTown()
    town.pass(5 * minute, { ...within, ...elsewhere })
    const behind = lamps.filter((id) => id.startsWith('pju-1'))
    const rest = Object.fromEntries(Object.entries(within).filter(([id]) => !behind.includes(id)))
    town.pass(5 * minute, { ...rest, 'pnl-1': dead, ...elsewhere })
    expect(visible(town)).toEqual(['pnl-1 feeder_outage 8'])
    town.pass(10 * minute, elsewhere)
    expect(visible(town)).toEqual(['pnl-1 feeder_outage 9', expect.stringMatching(/^serpong uplink_outage/)])
    // The network is back before the voltage.
    town.pass(10 * minute, { ...rest, 'pnl-1': dead, ...elsewhere })
    expect(visible(town)).toEqual(['pnl-1 feeder_outage 9'])
    town.pass(5 * minute, { ...within, ...elsewhere })
    expect(visible(town)).toEqual([])
  })
})

describe('blind time', () => {
  it('of twenty minutes is no outage of anything', () => {
    const { town, within, elsewhere } = districtTown()
    town.pass(5 * minute, { ...within, ...elsewhere })
    town.skip(20 * minute)
    town.reconnect()
    town.pass(30 * minute, { ...within, ...elsewhere })
    expect(town.story()).toEqual([])
  })
})
