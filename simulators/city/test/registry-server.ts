// The registry's HTTP API as far as the simulator uses it, in memory, for what a real service does not do on
// demand: being busy, being another program, having lost an answer.
import { randomBytes } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { NewDevice } from '@ronda/contracts/device'
import { parseDevices, toCsv } from '../src/registration/csv.ts'

export const adminToken = 'token of the administrator'

export interface RegistryServer {
  readonly url: string
  readonly devices: Map<string, NewDevice>
  readonly tokens: Map<string, string>
  readonly retired: Set<string>
  /** Requests so far, as `POST /path`. */
  readonly requests: readonly string[]
  /** Answers the next requests in place of the registry, one each. */
  readonly instead: ((response: ServerResponse) => void)[]
  stop(): Promise<void>
}

export async function startRegistryServer(): Promise<RegistryServer> {
  const devices = new Map<string, NewDevice>()
  const tokens = new Map<string, string>()
  const retired = new Set<string>()
  const requests: string[] = []
  const instead: ((response: ServerResponse) => void)[] = []

  const importCsv = (csv: string, response: ServerResponse) => {
    const rows = parseDevices(csv)
    const problems = rows.filter(({ id }) => retired.has(id)).map(({ id }) => `id: ${id} is retired`)
    if (problems.length > 0) return problem(response, 400, 'validation_failed', problems)
    const results = rows.map((device) => {
      const known = devices.get(device.id)
      devices.set(device.id, device)
      if (known !== undefined) {
        const isSame = JSON.stringify(known) === JSON.stringify(device)
        return `${device.id},abcdefghij,1,${isSame ? 'unchanged' : 'updated'},`
      }
      tokens.set(device.id, randomBytes(4).toString('hex'))
      return `${device.id},abcdefghij,1,registered,${tokens.get(device.id)}`
    })
    response.writeHead(200, { 'content-type': 'text/csv' })
    response.end(['id,uid,revision,outcome,token', ...results].join('\n'))
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url = '' } = request
    requests.push(`${method} ${url}`)
    const body = await text(request)
    const other = instead.shift()
    if (other !== undefined) return other(response)
    if (request.headers.authorization !== `Bearer ${adminToken}`) return problem(response, 401, 'unauthenticated')
    if (url === '/api/v1/devices/import') return importCsv(body, response)
    if (url === '/api/v1/devices/export') return response.end(toCsv([...devices.values()]))
    if (url.startsWith('/api/v1/devices?retired=true')) {
      // Pages of one, so that a second must be asked for.
      const ids = [...retired, ...devices.keys()]
      const index = Number(new URL(url, 'http://localhost').searchParams.get('cursor') ?? 0)
      const id = ids[index]
      const found = id === undefined ? [] : [{ id, ...(retired.has(id) ? { retiredAt: 1 } : {}) }]
      const next = index + 1 < ids.length ? { next: String(index + 1) } : {}
      return response.end(JSON.stringify({ devices: found, ...next }))
    }
    const id = /^\/api\/v1\/devices\/([^/]+)\/token$/.exec(url)?.[1]
    if (id === undefined || !devices.has(id)) return problem(response, 404, 'not_found')
    const token = randomBytes(4).toString('hex')
    tokens.set(id, token)
    return response.end(JSON.stringify({ id, token }))
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    devices,
    tokens,
    retired,
    requests,
    instead,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function problem(response: ServerResponse, status: number, code: string, problems: string[] = []): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' })
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail: `it is ${code}`, problems }))
}
