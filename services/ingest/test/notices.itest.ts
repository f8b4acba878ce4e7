// What operators are told of things that want a look although everything works.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Harness, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

test('the notices of every source are told, with what they mean', async () => {
  const notice = { code: 'mqtt_client_id_contested', who: 'device:pju-1', since: 1_000 } as const
  const value = { at: 2_000, accepting: true, connections: 1, counters: {}, notices: [notice] }
  await harness.backbone.commit({ writes: [{ bucket: 'sources', key: 'broker', value }] })
  const { body } = await harness.request('GET', '/api/v1/notices')
  expect(body).toEqual({
    notices: [{ ...notice, title: 'Clients take one client id from each other', source: 'broker' }],
  })
})
