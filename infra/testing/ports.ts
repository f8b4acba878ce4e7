// Ports for servers that cannot be told 0, because others have to know them first.
import { once } from 'node:events'
import { createServer } from 'node:net'

/** The ports of a whole system, as its environment names them. */
export async function freeSystemPorts(): Promise<Record<'RONDA_MQTT_PORT' | 'RONDA_API_PORT' | 'RONDA_PORT', string>> {
  const [mqtt, api, page] = await freePorts(3)
  return { RONDA_MQTT_PORT: String(mqtt), RONDA_API_PORT: String(api), RONDA_PORT: String(page) }
}

/** Ports that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
