// InfluxDB 2.7 in a container, where a Docker engine answers. Elsewhere the suite is skipped, and says so.
import { GenericContainer, type StartedTestContainer, Wait, getContainerRuntimeClient } from 'testcontainers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openInfluxStore } from '../src/influx/influx.ts'
import { energyOf, lampRow, midnight, storeContract, write } from '../src/store.contract.ts'

const org = 'city'
const token = 'a token of the test'

const noEngine = await getContainerRuntimeClient().then(
  () => undefined,
  (error: unknown) => `no Docker engine answers: ${error instanceof Error ? error.message : String(error)}`,
)
if (noEngine !== undefined) process.stderr.write(`\nSKIPPED: tests against InfluxDB 2.7, for ${noEngine}\n`)

describe.skipIf(noEngine !== undefined)(`InfluxDB 2.7${noEngine === undefined ? '' : ` (${noEngine})`}`, () => {
  let container: StartedTestContainer | undefined
  let url = ''
  let orgID = ''

  beforeAll(async () => {
    container = await new GenericContainer('influxdb:2.7-alpine')
      .withEnvironment({
        DOCKER_INFLUXDB_INIT_MODE: 'setup',
        DOCKER_INFLUXDB_INIT_USERNAME: 'admin',
        DOCKER_INFLUXDB_INIT_PASSWORD: 'a password of the test',
        DOCKER_INFLUXDB_INIT_ORG: org,
        DOCKER_INFLUXDB_INIT_BUCKET: 'ronda',
        DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: token,
      })
      .withExposedPorts(8086)
      .withWaitStrategy(Wait.forHttp('/api/v2/buckets', 8086).forStatusCode(401))
      .start()
    url = `http://${container.getHost()}:${container.getMappedPort(8086)}`
    const { orgs } = (await api('GET', '/api/v2/orgs')) as { orgs: { id: string }[] }
    orgID = orgs[0]?.id ?? ''
  })
  afterAll(() => container?.stop())

  async function api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Token ${token}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  let buckets = 0
  async function newBucket(retentionS = 0): Promise<string> {
    const name = `test ${++buckets}`
    const retentionRules = retentionS === 0 ? [] : [{ type: 'expire', everySeconds: retentionS }]
    await api('POST', '/api/v2/buckets', { orgID, name, retentionRules })
    return name
  }

  storeContract('influx 2.7', async () => {
    const bucket = await newBucket()
    return { open: async () => openInfluxStore({ url, token, org, bucket }) }
  })

  test('a field of another type and a point beyond retention are isolated; all others are stored', async () => {
    const bucket = await newBucket(86_400)
    const now = Date.now()
    const search = new URLSearchParams({ org, bucket, precision: 'ms' }).toString()
    await api('POST', `/api/v2/write?${search}`, `streetlight,device=foreign faults=1 ${now}`)
    const store = openInfluxStore({ url, token, org, bucket })
    const rows = Array.from({ length: 1_000 }, (_, i) => lampRow(now - 1_000 + i, { energyWh: i }))
    rows[500] = lampRow(now - 500, { energyWh: 500, faults: 'x' })
    rows[700] = lampRow(now - 10 * 86_400_000, { energyWh: 700 })
    const staged = await write(store, rows)
    expect(staged.rejected.map(({ row }) => row.fields.energyWh)).toEqual([500, 700])
    expect(staged.rejected[0]?.reason).toMatch(/field type conflict/)
    expect(await energyOf(store)).toEqual(rows.flatMap((_, i) => (i === 500 || i === 700 ? [] : [i])))
    await store.close()
  })

  test.each([
    ['a wrong token', { token: 'wrong-secret' }, /INFLUX_TOKEN/],
    ['a bucket that does not exist', { bucket: 'nope' }, /has no bucket "nope".*INFLUX_BUCKET/],
  ])('%s: the batch waits and the reason is told', async (_, wrong, message) => {
    const store = openInfluxStore({ url, token, org, bucket: 'ronda', ...wrong })
    const failure: unknown = await store.stage('test', [lampRow(midnight, { energyWh: 1 })]).catch((e: unknown) => e)
    expect(failure).toMatchObject({ code: 'store_unavailable', message: expect.stringMatching(message) as string })
    expect(String(failure)).not.toContain('wrong-secret')
    expect((await store.unavailable())?.code).toBe('store_unavailable')
    await store.close()
  })
})
