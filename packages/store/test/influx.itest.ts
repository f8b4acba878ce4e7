import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Logger, pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Influxd, startInfluxd } from '../../../infra/testing/influxd.ts'
import { within } from '../../../infra/testing/within.ts'
import { openInfluxStore } from '../src/influx/influx.ts'
import { allOf, energyOf, lampRow, midnight, storeContract, write } from '../src/store.contract.ts'
import type { Row } from '../src/store.ts'

let influxd: Influxd
beforeAll(async () => {
  influxd = await startInfluxd()
})
afterAll(() => influxd.stop())

let databases = 0
function newDatabase(): string {
  return `test ${++databases} "quoted"`
}

storeContract('influx 1.6', async () => {
  const bucket = newDatabase()
  return { open: async () => openInfluxStore({ url: influxd.url, bucket }) }
})

/** A log whose lines can be read. */
function recordingLog(): { log: Logger; lines: string[] } {
  const lines: string[] = []
  return { log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }), lines }
}

interface Asked {
  method: string
  url: string
  authorization: string | undefined
  body: string
}

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that answers what a test wants; its URL. */
async function serve(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<string> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    const {
      status,
      headers: sent,
      body,
    } = await answer({
      method,
      url,
      authorization: headers.authorization,
      body: await text(request),
    })
    response.writeHead(status, { 'content-type': 'application/json', ...sent }).end(body)
  }
  const server = createServer((request, response) => void handle(request, response))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an address with one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function post(path: string, body: string): Promise<void> {
  const response = await fetch(`${influxd.url}${path}`, { method: 'POST', body })
  if (!response.ok) throw new Error(await response.text())
}

describe('influx 1.6: points it does not take', () => {
  test('a field of another type is isolated, with the reason, while all others are stored', async () => {
    const bucket = newDatabase()
    const store = openInfluxStore({ url: influxd.url, bucket })
    await influxd.query(`CREATE DATABASE "${bucket.replaceAll('"', '\\"')}"`)
    // Someone else has made `faults` a number and `switchCount` an integer.
    const db = encodeURIComponent(bucket)
    await post(`/write?db=${db}`, `streetlight,device=foreign faults=1,switchCount=1i ${midnight}000000`)

    const rows: Row[] = Array.from({ length: 2_000 }, (_, i) => lampRow(midnight + i, { energyWh: i }))
    for (const at of [0, 777, 1_999]) rows[at] = lampRow(midnight + at, { energyWh: at, faults: 'x' })
    rows[1_234] = lampRow(midnight + 1_234, { energyWh: 1_234, switchCount: 7 })
    const staged = await write(store, rows)

    expect(staged.rejected.map(({ row }) => rows.indexOf(row)).toSorted((a, b) => a - b)).toEqual([
      0, 777, 1_234, 1_999,
    ])
    expect(staged.rejected[0]?.reason).toMatch(/field type conflict: input field "faults"/)
    expect(staged).toMatchObject({ stored: 1_996, collapsed: 0 })
    const expected = rows.map((_, i) => i).filter((i) => ![0, 777, 1_234, 1_999].includes(i))
    expect(await energyOf(store)).toEqual(expected)
    await store.close()
  })

  test('when it takes none of many it says so without being asked about each', async () => {
    const bucket = newDatabase()
    await influxd.query(`CREATE DATABASE "${bucket.replaceAll('"', '\\"')}"`)
    // In the same shard: a type holds for a week of data.
    await post(
      `/write?db=${encodeURIComponent(bucket)}`,
      `streetlight,device=foreign energyWh="text" ${midnight}000000`,
    )
    let requests = 0
    const url = await serve(async ({ method, url: path, body }) => {
      requests++
      const answer = await fetch(`${influxd.url}${path}`, { method, ...(method === 'POST' ? { body } : {}) })
      const version = answer.headers.get('x-influxdb-version') ?? ''
      return { status: answer.status, headers: { 'x-influxdb-version': version }, body: await answer.text() }
    })
    const store = openInfluxStore({ url, bucket })

    const staged = await write(
      store,
      Array.from({ length: 5_000 }, (_, i) => lampRow(midnight + i, { energyWh: i })),
    )

    expect(staged.rejected).toHaveLength(5_000)
    expect(requests).toBeLessThan(10)
    await store.close()
  })

  test('a point beyond retention is refused, not tried for ever', async () => {
    const bucket = newDatabase()
    const quoted = `"${bucket.replaceAll('"', '\\"')}"`
    await influxd.query(`CREATE DATABASE ${quoted} WITH DURATION 1d REPLICATION 1 NAME "day"`)
    const store = openInfluxStore({ url: influxd.url, bucket })
    const now = Date.now()
    const staged = await write(store, [
      lampRow(now, { energyWh: 1 }),
      lampRow(now - 30 * 86_400_000, { energyWh: 2 }),
      lampRow(now - 1, { energyWh: 3 }),
    ])
    expect(staged.rejected.map(({ row }) => row.fields.energyWh)).toEqual([2])
    expect(staged.rejected[0]?.reason).toMatch(/beyond retention policy/)
    expect(await energyOf(store)).toEqual([3, 1])
    await store.close()
  })

  test('a tag that line protocol cannot say is refused; its neighbours are stored', async () => {
    const store = openInfluxStore({ url: influxd.url, bucket: newDatabase() })
    const staged = await write(store, [
      lampRow(midnight, { energyWh: 1 }),
      lampRow(midnight + 1, { energyWh: 2 }, { district: 'ends in \\' }),
      lampRow(midnight + 2, { energyWh: 3 }),
    ])
    expect(staged.rejected.map(({ row }) => row.fields.energyWh)).toEqual([2])
    expect(staged.rejected[0]?.reason).toMatch(/unable to parse/)
    expect(await energyOf(store)).toEqual([1, 3])
    await store.close()
  })

  test('very large batches go in several requests', async () => {
    const store = openInfluxStore({ url: influxd.url, bucket: newDatabase() })
    const rows = Array.from({ length: 700 }, (_, i) =>
      lampRow(midnight + i, { energyWh: i, faults: 'x'.repeat(20_000) }),
    )
    expect((await write(store, rows)).rejected).toEqual([])
    expect(await energyOf(store)).toHaveLength(700)
    await store.close()
  })
})

describe('influx 1.6: a database with a retention policy', () => {
  test('is written and read where the bucket says', async () => {
    const bucket = newDatabase()
    const quoted = `"${bucket.replaceAll('"', '\\"')}"`
    await influxd.query(`CREATE DATABASE ${quoted}`)
    await influxd.query(`CREATE RETENTION POLICY "year" ON ${quoted} DURATION 53w REPLICATION 1`)
    const store = openInfluxStore({ url: influxd.url, bucket: `${bucket}/year` })
    await write(store, [lampRow(Date.now(), { energyWh: 1 })])
    expect(await energyOf(store)).toEqual([1])
    const other = openInfluxStore({ url: influxd.url, bucket })
    expect(await energyOf(other)).toEqual([])
    await Promise.all([store.close(), other.close()])
  })

  test('that does not exist: says so and loses nothing', async () => {
    const store = openInfluxStore({ url: influxd.url, bucket: `${newDatabase()}/nope` })
    const rows = [lampRow(midnight, { energyWh: 1 })]
    await expect(store.stage('test', rows)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(/nope.*INFLUX_BUCKET|retention policy not found/) as string,
    })
    await store.close()
  })
})

describe('influx 1.6: down and back', () => {
  let own: Influxd
  beforeAll(async () => {
    own = await startInfluxd()
  })
  afterAll(() => own.stop())

  test('a batch waits while it is down and goes in when it is back', async () => {
    const store = openInfluxStore({ url: own.url, bucket: 'ronda' })
    await write(store, [lampRow(midnight, { energyWh: 1 })])
    await own.halt()

    const rows = [lampRow(midnight + 1, { energyWh: 2 })]
    await expect(store.stage('test', rows)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('INFLUX_URL') as string,
    })
    expect((await store.unavailable())?.message).toMatch(/cannot be reached \(ECONNREFUSED\)/)
    await expect(store.latest('streetlight', 'pju-00001')).rejects.toMatchObject({ code: 'store_unavailable' })

    await own.restart()
    await vi.waitFor(async () => expect(await store.unavailable()).toBeUndefined(), within)
    expect((await write(store, rows)).rejected).toEqual([])
    expect(await energyOf(store)).toEqual([1, 2])
    await store.close()
  })

  test('a store may be opened before its server', async () => {
    await own.halt()
    const store = openInfluxStore({ url: own.url, bucket: 'early' })
    expect((await store.unavailable())?.code).toBe('store_unavailable')
    await own.restart()
    expect(await store.unavailable()).toBeUndefined()
    await write(store, [lampRow(midnight, { energyWh: 1 })])
    expect(await energyOf(store)).toEqual([1])
    await store.close()
  })

  test('a database that was dropped is made again', async () => {
    const store = openInfluxStore({ url: own.url, bucket: 'dropped' })
    await write(store, [lampRow(midnight, { energyWh: 1 })])
    await own.query('DROP DATABASE dropped')
    expect(await energyOf(store)).toEqual([])
    await own.query('DROP DATABASE dropped')
    await write(store, [lampRow(midnight, { energyWh: 2 })])
    expect(await energyOf(store)).toEqual([2])
    await store.close()
  })
})

describe('influx: what is not an InfluxDB, or does not answer', () => {
  const version2 = { 'x-influxdb-version': 'v2.7.12' }
  const version3 = { 'x-influxdb-version': '3.1.0' }

  test('another server: says that it is none', async () => {
    const store = openInfluxStore({ url: await serve(() => ({ status: 200, body: '{}' })), bucket: 'ronda' })
    expect((await store.unavailable())?.message).toMatch(/is no InfluxDB: set INFLUX_URL/)
    await store.close()
  })

  test('one that speaks no JSON: says so', async () => {
    const store = openInfluxStore({ url: await serve(() => ({ status: 200, body: '<html>' })), bucket: 'ronda' })
    expect((await store.unavailable())?.message).toMatch(/cannot be reached \(its answer is not JSON\)/)
    await store.close()
  })

  test('silence: says so within seconds', async () => {
    const store = openInfluxStore({ url: await serve(() => new Promise(() => {})), bucket: 'ronda' })
    const startedAt = performance.now()
    expect((await store.unavailable())?.message).toMatch(/cannot be reached \(no answer in time\)/)
    expect(performance.now() - startedAt).toBeLessThan(4_000)
    await store.close()
  })

  test.each([
    [401, /refuses the credentials/],
    [403, /does not allow it/],
    [404, /has no bucket "ronda" \(or no DBRP mapping for it\)/],
    [429, /takes no more for now/],
    [500, /fails \(500: server says so\)/],
    [503, /fails \(503: server says so\)/],
  ])('%d to a write says nothing about its points: they wait', async (status, message) => {
    const url = await serve(({ url: path }) =>
      path === '/ping'
        ? { status: 204, headers: version2 }
        : { status, headers: version2, body: JSON.stringify({ code: 'x', message: 'server says so' }) },
    )
    const store = openInfluxStore({ url, token: 't', org: 'o', bucket: 'ronda' })
    await expect(store.stage('test', [lampRow(midnight, { energyWh: 1 })])).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(message) as string,
    })
    await store.close()
  })

  test('a version 2 or 3 is written through /api/v2/write with its token, organisation and bucket', async () => {
    const seen: Asked[] = []
    const url = await serve((asked) => {
      seen.push(asked)
      return { status: 204, headers: version3 }
    })
    const store = openInfluxStore({ url: `${url}/prefix/`, token: 'secret', org: 'city', bucket: 'ronda/autogen' })
    await write(store, [lampRow(midnight, { energyWh: 1, override: true }, { sub: 42 })])
    const authorization = 'Token secret'
    expect(seen).toEqual([
      { method: 'GET', url: '/prefix/ping', authorization, body: '' },
      {
        method: 'POST',
        url: '/prefix/api/v2/write?bucket=ronda%2Fautogen&precision=ns&org=city',
        authorization,
        body: `streetlight,device=pju-00001,district=serpong energyWh=1,override=true ${midnight}000042\n`,
      },
    ])
    await store.close()
  })

  test('a request too large for the server is halved until it fits; a row too large alone is refused', async () => {
    let kept = 0
    const url = await serve(({ url: path, body }) => {
      if (body.length > 1_000) return { status: 413, headers: version2 }
      if (path !== '/ping') kept += body.split('\n').length - 1
      return { status: 204, headers: version2 }
    })
    const store = openInfluxStore({ url, bucket: 'ronda' })
    const rows = Array.from({ length: 40 }, (_, i) => lampRow(midnight + i, { energyWh: i }))
    rows[3] = lampRow(midnight + 3, { faults: 'x'.repeat(2_000) })
    const staged = await write(store, rows)
    expect(staged.rejected.map(({ row }) => rows.indexOf(row))).toEqual([3])
    expect(kept).toBe(39)
    await store.close()
  })

  test('of a partial write of 3.x, 400 although the good lines are in, the reason is that of the line', async () => {
    const url = await serve(({ url: path, body }) => {
      if (path === '/ping') return { status: 200, headers: version3, body: JSON.stringify({ version: '3.1.0' }) }
      if (!body.includes('energyWh=13')) return { status: 204, headers: version3 }
      const data = [{ error_message: 'invalid column type', line_number: 1, original_line: '…' }]
      return {
        status: 400,
        headers: version3,
        body: JSON.stringify({ error: 'partial write of line protocol occurred', data }),
      }
    })
    const store = openInfluxStore({ url, bucket: 'ronda' })
    const rows = [11, 12, 13, 14].map((energyWh) => lampRow(midnight + energyWh, { energyWh }))
    expect((await write(store, rows)).rejected).toEqual([{ row: rows[2], reason: 'invalid column type' }])
    await store.close()
  })
})

describe('influx 1.6: credentials', () => {
  const auth = { username: 'admin', password: `pass'word` }
  let own: Influxd
  beforeAll(async () => {
    own = await startInfluxd({ auth })
    await own.query('CREATE DATABASE ronda')
    await own.query(`CREATE USER writer WITH PASSWORD 'w'`)
    await own.query('GRANT ALL ON ronda TO writer')
    await own.query(`CREATE USER reader WITH PASSWORD 'r'`)
    await own.query('GRANT READ ON ronda TO reader')
  })
  afterAll(() => own.stop())

  const rows = [lampRow(midnight, { energyWh: 1 })]

  test('the administrator makes the database; a user with rights on it writes and reads', async () => {
    const admin = openInfluxStore({ url: own.url, token: `admin:${auth.password}`, bucket: 'made by admin' })
    await write(admin, rows)
    expect(await energyOf(admin)).toEqual([1])
    const writer = openInfluxStore({ url: own.url, token: 'writer:w', bucket: 'ronda' })
    await write(writer, rows)
    expect(await energyOf(writer)).toEqual([1])
    await Promise.all([admin.close(), writer.close()])
  })

  test.each([
    ['a wrong password', 'writer:wrong-secret', 'ronda', /refuses the credentials.*INFLUX_TOKEN/],
    ['an unknown user', 'nobody:wrong-secret', 'ronda', /refuses the credentials.*INFLUX_TOKEN/],
    ['a token in place of user and password', 'wrong-secret', 'ronda', /refuses the credentials.*INFLUX_TOKEN/],
    ['none', undefined, 'ronda', /refuses the credentials.*INFLUX_TOKEN/],
    ['a user that may only read', 'reader:r', 'ronda', /does not allow it on database "ronda".*INFLUX_TOKEN/],
    [
      'a user that may not make the database',
      'writer:w',
      'another',
      /(does not allow it on|has no) database "another"/,
    ],
  ])('%s: the batch waits, the reason is told, the secret is not', async (_, token, bucket, message) => {
    const { log, lines } = recordingLog()
    const store = openInfluxStore({ url: own.url, bucket, log, ...(token === undefined ? {} : { token }) })
    const failure: unknown = await store.stage('test', rows).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'store_unavailable', message: expect.stringMatching(message) as string })
    log.error({ err: failure }, 'as the historian does')
    const told = lines.join('\n')
    expect(told).toMatch(/as the historian does/)
    expect(told).not.toMatch(/wrong-secret|d3JvbmctcGFzc3dvcmQ/)
    await store.close()
  })
})

test('influx 1.6: history of many rows is whole, whatever the server’s limit for an answer', async () => {
  const limited = await startInfluxd({ maxRowLimit: 100 })
  for (const url of [influxd.url, limited.url]) {
    const store = openInfluxStore({ url, bucket: newDatabase() })
    const rows = Array.from({ length: 25_000 }, (_, i) => lampRow(midnight + i, { energyWh: i }))
    await write(store, rows)
    expect(await energyOf(store)).toEqual(rows.map((_, i) => i))
    const query = allOf('streetlight', 'pju-00001', ['energyWh'])
    expect(await store.history({ ...query, everyMs: 10 })).toHaveLength(2_500)
    await store.close()
  }
  await limited.stop()
})
