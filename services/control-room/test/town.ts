// A town on the whole running system, in which there is something of everything that the page can show: devices of each
// kind, faults with their consequences, messages that were refused, devices that nobody has registered, people.
import { NewDevice } from '@ronda/contracts/device'
import { within } from '@ronda/infra/testing/within'
import type { Language } from '../src/preferences.ts'
import { publishOnce } from '@ronda/infra/testing/publish-once'
import { registerPlan } from '@ronda/infra/testing/registration'
import type { RunningSystem } from '@ronda/infra/testing/running-system'
import { readCity } from '@ronda/runtime/city-profile'
import { join } from 'node:path'
import { expect, vi } from 'vitest'

export interface Town {
  readonly system: RunningSystem
  readonly url: string
  agencyName(id: string, language: Language): string
  /** Registers a device of the town, by what it has of its own. */
  register(device: Partial<NewDevice> & Pick<NewDevice, 'id' | 'kind' | 'name'>): Promise<void>
  change(id: string, change: object): Promise<void>
  say(device: string, payload: object): Promise<void>
  /** A device says something that is a fault. */
  fail(device: string, payload: object): Promise<void>
  /** A camera that has no signal, and its fault. */
  breakCamera(name: string): Promise<string>
  /** A cabinet without voltage and the lamps that fell silent with it. */
  cutFeeder(id: string, name: string): Promise<void>
  /** Messages of a lamp that are refused. */
  refuse(lamp: string, count: number): Promise<void>
  /** A gateway speaks for a device that nobody has registered. */
  pend(id: string): Promise<void>
  /** Another browser of theirs, a Firefox. */
  signIn(name: string, password: string): Promise<void>
  dismissPending(): Promise<void>
  /** Nothing is wrong any more, as far as the list goes. */
  closeFaults(): Promise<void>
  /** An account, and the link by which its person chooses a password. */
  invite(name: string, displayName: string, role: string): Promise<string>
}

const { profile } = readCity(join(import.meta.dirname, '../../../infra/cities/tangsel'))
/** They speak so seldom that nobody is missed, however long the machine takes for it all. */
const place = { latitude: -6.3, longitude: 106.7, district: 'serpong', agency: 'dishub', intervalS: 3_600 }
const hourMs = 3_600_000
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
/** As a camera's that was cut off for a while. */
const longMessage = Array.from({ length: 120 }, () => ({ fps: 25, bitrateKbps: 2_400, recording: true }))
const gateway = { id: 'gw-1', kind: 'gateway', name: 'Gateway Serpong' } as const

export async function buildTown(system: RunningSystem): Promise<Town> {
  const { post, get, patch } = system
  const planOf = (device: Partial<NewDevice> & Pick<NewDevice, 'id' | 'kind' | 'name'>) =>
    NewDevice.parse({ ...place, ...device })
  // More than one page of the list has.
  const street = Array.from({ length: 101 }, (_, n) =>
    planOf({ id: `pju-${n}`, kind: 'streetlight', name: `PJU Jl. Astek ${n}`, installedAt: Date.now() - 1_000 }),
  )
  // Who comes by a link while there is no account is asked to make the first one.
  await post('/api/v1/accounts', { name: 'someone', displayName: 'Someone', role: 'viewer' })
  const tokens = await registerPlan(system, [planOf(gateway), ...street])

  const say = (device: string, payload: object) => post<void>('/api/v1/telemetry', [{ device, payload }])
  const register = (device: Parameters<typeof planOf>[0]) => post<void>('/api/v1/devices', planOf(device))
  const faultsOf = async (device: string) =>
    (await get<{ faults: { children?: number }[] }>(`/api/v1/faults?device=${device}`)).faults
  const url = `http://127.0.0.1:${system.env.RONDA_PORT}`
  let cameras = 0

  async function fail(device: string, payload: object): Promise<void> {
    await vi.waitFor(async () => {
      // As devices do, it says so again: its first word may come before the detector has heard of it.
      await say(device, payload)
      expect(await faultsOf(device)).toHaveLength(1)
    }, within)
  }

  return {
    system,
    agencyName: (id, language) => profile.agencies.find((agency) => agency.id === id)?.name[language] ?? '',
    url,
    register,
    say,
    fail,
    change: (id, change) => patch(`/api/v1/devices/${id}`, change),
    async breakCamera(name) {
      cameras += 1
      const id = `cctv-${cameras}`
      await register({ id, kind: 'camera', name, agency: 'diskominfo', street: 'Jl. Raya Serpong' })
      await fail(id, { signalLoss: true, fps: 0, storageFreePct: 60 })
      return id
    },
    async cutFeeder(id, name) {
      await register({ id, kind: 'cabinet', name, latitude: -6.301 })
      const lamps = Array.from({ length: 9 }, (_, n) => `${id}-lamp-${n}`)
      for (const lamp of lamps) {
        await register({ id: lamp, kind: 'streetlight', name: `PJU ${lamp}`, cabinet: id, intervalS: 1 })
      }
      await vi.waitFor(async () => {
        await post('/api/v1/telemetry', [
          ...lamps.map((device) => ({ device, payload: { powerW: 0 } })),
          { device: id, payload: { voltageL1V: 0, voltageL2V: 0, voltageL3V: 0 } },
        ])
        expect(await faultsOf(id)).toHaveLength(1)
      }, within)
      await vi.waitFor(async () => expect((await faultsOf(id))[0]?.children).toBe(lamps.length), within)
    },
    async refuse(lamp, count) {
      const ts = Date.now() - 2 * hourMs
      const payload = (n: number) => ({ ts: ts + n, powerW: 40 + n, note: 'x'.repeat(200) })
      await post(
        '/api/v1/telemetry',
        Array.from({ length: count }, (_, n) => ({ device: lamp, payload: payload(n) })),
      )
      await vi.waitFor(async () => {
        const { deadLetters } = await get<{ deadLetters: unknown[] }>(`/api/v1/dead-letters?device=${lamp}&limit=1`)
        expect(deadLetters).toHaveLength(1)
      }, within)
    },
    async pend(id) {
      const token = tokens.get(gateway.id) ?? ''
      const topic = { city: 'tangsel', kind: 'camera', deviceId: id, channel: 'telemetry' } as const
      await publishOnce(system.env, { user: gateway.id, token }, topic, longMessage)
      await vi.waitFor(async () => await get(`/api/v1/pending-devices/${id}`), within)
    },
    async signIn(name, word) {
      // Past fanout, which may be away.
      const api = `http://127.0.0.1:${system.env.RONDA_API_PORT}`
      const entered = await fetch(`${api}/api/v1/session`, {
        method: 'POST',
        headers: { origin: url, 'content-type': 'application/json', 'user-agent': firefox },
        body: JSON.stringify({ name, password: word }),
      })
      if (!entered.ok) throw new Error(await entered.text())
    },
    async dismissPending() {
      const { pendingDevices } = await get<{ pendingDevices: { id: string }[] }>('/api/v1/pending-devices')
      for (const { id } of pendingDevices) await system.remove(`/api/v1/pending-devices/${id}`)
    },
    async closeFaults() {
      const { faults } = await get<{ faults: { id: string }[] }>('/api/v1/faults?limit=100')
      // Some close by themselves meanwhile.
      await Promise.allSettled(faults.map(({ id }) => post(`/api/v1/faults/${id}/close`, { reason: 'Selesai' })))
    },
    async invite(name, displayName, role) {
      const { link } = await post<{ link: { url: string } }>('/api/v1/accounts', { name, displayName, role })
      return link.url
    },
  }
}
