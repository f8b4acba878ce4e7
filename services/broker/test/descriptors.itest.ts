// The limit of open files: connections end before it, and if something else uses them up, nothing breaks.
import { execFileSync } from 'node:child_process'
import { type Socket, connect } from 'node:net'
import { generate } from 'mqtt-packet'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { reservedDescriptors } from '../src/limits/descriptors.ts'
import { type BrokerProcess, canLimitFiles, startBrokerProcess } from './broker-process.ts'
import { registerIn, topicOf } from './harness.ts'
import { type RawClient, connectPacket, connectRaw } from './raw-client.ts'

/** Opens one and tells whether it is closed again at once, or answered a CONNECT with wrong credentials. */
async function isTaken({ port }: BrokerProcess): Promise<boolean> {
  const socket = silent(port)
  socket.write(generate(connectPacket('nobody', 'x')))
  return new Promise((resolve) => {
    socket.once('data', () => resolve(true))
    socket.once('close', () => resolve(false))
  })
}

function silent(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  onTestFinished(() => void socket.destroy())
  return socket
}

async function signIn({ backbone, port }: BrokerProcess, id: string, connections: number): Promise<RawClient[]> {
  const token = await registerIn(backbone, id)
  const raws: RawClient[] = []
  for (let i = 0; i < connections; i++) {
    const raw = await connectRaw(port, id, token, { clientId: `c${i}` })
    onTestFinished(() => void raw.socket.destroy())
    raws.push(raw)
  }
  return raws
}

async function publishes(raw: RawClient, id: string, messageId: number): Promise<void> {
  raw.publish(messageId, topicOf(id), '{"powerW":87}')
  await vi.waitFor(() => expect(raw.acknowledged()).toContain(messageId), within)
}

describe.skipIf(!canLimitFiles)('with few open files', () => {
  test('connections leave a reserve: new ones are refused, old ones go on, and who goes makes room', async () => {
    const most = 80
    const broker = await startBrokerProcess(reservedDescriptors + most)
    expect(broker.output()).toContain(`for more than ${most} connections raise the limit of open files`)
    expect(broker.openFiles()).toBeLessThan(reservedDescriptors * 0.75)

    // Silent ones may have three quarters of the room, and devices come in all the same.
    const silents = Array.from({ length: 70 }, () => silent(broker.port))
    await vi.waitFor(() => expect(silents.filter(({ closed }) => closed)).toHaveLength(10), within)
    expect(await isTaken(broker)).toBe(false)
    silents.find(({ closed }) => !closed)?.destroy()
    await vi.waitFor(async () => expect(await isTaken(broker)).toBe(true), within)
    for (const socket of silents) socket.destroy()
    await vi.waitFor(async () => expect((await broker.state()).counters['openSockets']).toBe(0), within)

    const devices = ['pju-1', 'pju-2', 'pju-3', 'pju-4', 'pju-5']
    const raws = (await Promise.all(devices.map((id) => signIn(broker, id, most / devices.length)))).flat()
    for (let i = 0; i < 20; i++) expect(await isTaken(broker)).toBe(false)
    const [first] = raws
    if (first === undefined) throw new Error('none')
    await publishes(first, 'pju-1', 1)
    await vi.waitFor(async () => {
      const { connections, counters, notices } = await broker.state()
      expect(connections).toBe(most)
      expect(counters).toMatchObject({ 'refused:mqtt_connections_full': 20 })
      // It was asked again until there was room.
      expect(counters['refused:mqtt_unauthenticated_full']).toBeGreaterThanOrEqual(11)
      expect(notices).toEqual([{ code: 'mqtt_connections_full', who: 'broker', since: expect.any(Number) }])
    }, within)
    expect(raws.filter(({ socket }) => socket.closed)).toEqual([])

    raws.at(-1)?.socket.destroy()
    await vi.waitFor(async () => expect(await isTaken(broker)).toBe(true), within)
    broker.terminate()
    expect(await broker.ended).toEqual([0, null])
  })

  test('none left for an accept: the new ones are closed, the old ones go on, it does not spin, and recovers', async () => {
    const broker = await startBrokerProcess(1_000)
    const [raw] = await signIn(broker, 'pju-1', 1)
    if (raw === undefined) throw new Error('none')
    // As if something else had used them up.
    const limit = (files: number) => execFileSync('prlimit', ['--pid', String(broker.pid), `--nofile=${files}:1000`])
    limit(broker.nextFile())
    for (let i = 0; i < 50; i++) expect(await isTaken(broker)).toBe(false)
    const before = { cpuS: broker.cpuS(), at: (await broker.state()).at }
    await publishes(raw, 'pju-1', 1)
    // Three of its heartbeats later it has had next to nothing to do.
    await vi.waitFor(async () => expect((await broker.state()).at).toBeGreaterThan(before.at + 3_000), within)
    expect(broker.cpuS() - before.cpuS).toBeLessThan(1)
    expect(raw.socket.closed).toBe(false)
    limit(1_000)
    await vi.waitFor(async () => expect(await isTaken(broker)).toBe(true), within)
    broker.terminate()
    expect(await broker.ended).toEqual([0, null])
  })

  test('too few for any connection: it says so and does not start', async () => {
    const broker = await startBrokerProcess(reservedDescriptors)
    expect(await broker.ended).toEqual([2, null])
    expect(broker.output()).toContain('raise the limit of open files')
  })
})
