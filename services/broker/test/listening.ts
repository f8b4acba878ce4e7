// Listeners in this process with a broker that answers everything, and clients for them.
import { once } from 'node:events'
import { type ConnectionOptions, type TLSSocket, connect as connectTls } from 'node:tls'
import { type EnvironmentInput, readEnvironment } from '@ronda/runtime/config'
import { createLog } from '@ronda/runtime/log'
import { type IClientOptions, type MqttClient, connectAsync } from 'mqtt'
import { onTestFinished, vi } from 'vitest'
import { createListeners } from '../src/listeners/listeners.ts'
import { createTinyBroker } from './tiny-broker.ts'

/** They follow their files closely. */
export async function startListeners(input: EnvironmentInput, { now = Date.now } = {}) {
  const broker = createTinyBroker()
  const refused: string[] = []
  const log = createLog('listeners-test', 'error')
  const warnings = vi.spyOn(log, 'warn')
  const notices = vi.spyOn(log, 'info')
  const listeners = createListeners({
    env: readEnvironment(input),
    log,
    now,
    pollMs: 20,
    onConnection: broker.onConnection,
    onRefused: (code, { address }) => refused.push(`${code} ${address}`),
  })
  const addresses = await listeners.start()
  onTestFinished(async () => {
    await listeners.stop()
    broker.end()
  })
  return {
    listeners,
    addresses,
    broker,
    /** Codes with the client's address. */
    refused,
    warnings,
    notices,
    urlOf: (scheme: 'mqtt' | 'mqtts' | 'ws' | 'wss') =>
      addresses.find((each) => each.startsWith(`${scheme}://`)) ?? `no ${scheme}`,
  }
}

export async function connect(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5_000, ...options }, false)
  client.on('error', () => {})
  onTestFinished(() => void client.end(true))
  return client
}

/** A TLS socket whose handshake is done. */
export async function handshake(url: string, options: ConnectionOptions): Promise<TLSSocket> {
  const { hostname: host, port } = new URL(url)
  const socket = connectTls({ host, port: Number(port), ...options })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  socket.on('error', () => {})
  return socket
}
