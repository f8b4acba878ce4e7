// Every route of the API by every role. A route that is not in this table fails the first test: who may use it is
// decided here, not by what it happens to do.
import { type Permission, type Role, may, permissions, roles } from '@ronda/contracts/permissions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Harness, problem, startHarness } from './harness.ts'

/** `anyone`: without signing in. `device`: by tokens of devices, telemetry.itest.ts. `session`: whoever has the cookie. */
const routes: Record<string, Permission | 'anyone' | 'device' | 'session'> = {
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /metrics': 'anyone',

  'POST /api/v1/session': 'anyone',
  'GET /api/v1/session': 'session',
  'DELETE /api/v1/session': 'session',
  'POST /api/v1/sign-in-links': 'changeAccounts',

  'POST /api/v1/account': 'changeAccounts',
  'PUT /api/v1/account/password': 'keepOwnAccount',
  'GET /api/v1/account/sessions': 'keepOwnAccount',
  'DELETE /api/v1/account/sessions': 'keepOwnAccount',
  'DELETE /api/v1/account/sessions/{id}': 'keepOwnAccount',
  'GET /api/v1/accounts': 'changeAccounts',
  'POST /api/v1/accounts': 'changeAccounts',
  'GET /api/v1/accounts/{name}': 'changeAccounts',
  'PATCH /api/v1/accounts/{name}': 'changeAccounts',
  'DELETE /api/v1/accounts/{name}': 'changeAccounts',
  'POST /api/v1/accounts/{name}/reset': 'changeAccounts',

  'POST /api/v1/telemetry': 'device',
  'GET /api/v1/devices': 'read',
  'GET /api/v1/device-places': 'read',
  'GET /api/v1/city-standing': 'read',
  'GET /api/v1/camera-wall': 'read',
  'GET /api/v1/night-energy': 'read',
  'POST /api/v1/devices': 'changeDevices',
  'POST /api/v1/devices/import': 'changeDevices',
  'POST /api/v1/devices/import/preview': 'changeDevices',
  'GET /api/v1/devices/export': 'read',
  'POST /api/v1/devices/labels': 'changeDevices',
  'GET /api/v1/devices/{id}': 'read',
  'PATCH /api/v1/devices/{id}': 'changeDevices',
  'DELETE /api/v1/devices/{id}': 'changeDevices',
  'POST /api/v1/devices/{id}/token': 'changeDevices',
  'POST /api/v1/devices/{id}/replace': 'changeDevices',
  'GET /api/v1/devices/{id}/latest': 'read',
  'GET /api/v1/devices/{id}/history': 'read',
  'GET /api/v1/devices/{id}/standings': 'read',
  'GET /api/v1/pending-devices': 'read',
  'GET /api/v1/pending-devices/{id}': 'read',
  'POST /api/v1/pending-devices/{id}/approve': 'changeDevices',
  'DELETE /api/v1/pending-devices/{id}': 'changeDevices',

  'GET /api/v1/faults': 'read',
  'GET /api/v1/faults/{id}': 'read',
  'POST /api/v1/faults/{id}/acknowledge': 'handleFaults',
  'POST /api/v1/faults/{id}/assign': 'handleFaults',
  'POST /api/v1/faults/{id}/comment': 'handleFaults',
  'POST /api/v1/faults/{id}/shelve': 'handleFaults',
  'POST /api/v1/faults/{id}/unshelve': 'handleFaults',
  'POST /api/v1/faults/{id}/close': 'handleFaults',
  'GET /api/v1/alarm-metrics': 'read',
  'GET /api/v1/maintenance': 'read',
  'POST /api/v1/maintenance': 'planMaintenance',
  'GET /api/v1/maintenance/{id}': 'read',
  'PATCH /api/v1/maintenance/{id}': 'planMaintenance',
  'POST /api/v1/maintenance/{id}/end': 'planMaintenance',

  'GET /api/v1/service-principals': 'changeServices',
  'POST /api/v1/service-principals': 'changeServices',
  'GET /api/v1/service-principals/{id}': 'changeServices',
  'PATCH /api/v1/service-principals/{id}': 'changeServices',
  'DELETE /api/v1/service-principals/{id}': 'changeServices',
  'POST /api/v1/service-principals/{id}/token': 'changeServices',
  'GET /api/v1/receivers': 'changeReceivers',
  'POST /api/v1/receivers': 'changeReceivers',
  'GET /api/v1/receivers/{id}': 'changeReceivers',
  'PATCH /api/v1/receivers/{id}': 'changeReceivers',
  'DELETE /api/v1/receivers/{id}': 'changeReceivers',
  'POST /api/v1/receivers/{id}/secret': 'changeReceivers',
  'POST /api/v1/receivers/{id}/test': 'changeReceivers',
  'GET /api/v1/receivers/{id}/deliveries': 'changeReceivers',
  'POST /api/v1/receivers/{id}/redeliver': 'changeReceivers',

  'GET /api/v1/ledger': 'read',
  'GET /api/v1/notices': 'read',
  'GET /api/v1/system': 'read',
  'GET /api/v1/dead-letters': 'readDeadLetters',
  'GET /api/v1/dead-letters/summary': 'readDeadLetters',
  'GET /api/v1/dead-letters/{cursor}': 'readDeadLetters',
  'POST /api/v1/dead-letters/replay': 'readDeadLetterContent',
  'GET /api/v1/audit': 'readAudit',
}

let harness: Harness
const headers = {} as Record<Role, Record<string, string>>
beforeAll(async () => {
  harness = await startHarness()
  for (const role of roles) headers[role] = await harness.signIn(role)
})
afterAll(() => harness.end())

/** Method and path of a route of which nothing is there, so that nothing comes of asking. */
function request(route: string): [method: string, path: string] {
  const [method = '', path = ''] = route.split(' ')
  return [method, path.replace(/\{\w+\}/g, 'none-such')]
}

test('the table has every route there is', async () => {
  const { body } = await harness.request<{ paths: Record<string, object> }>('GET', '/docs/json')
  const found = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(found.toSorted()).toEqual(Object.keys(routes).toSorted())
})

test.each(Object.entries(routes))('%s: %s', async (route, needed) => {
  const [method, path] = request(route)
  const body = method === 'GET' ? undefined : {}
  const stranger = await harness.request(method, path, body, { authorization: '' })
  if (needed === 'anyone' || needed === 'session' || needed === 'device') {
    expect(stranger.status === 401).toBe(route === 'GET /api/v1/session' || needed === 'device')
    return
  }
  expect(stranger.status).toBe(401)
  for (const role of roles) {
    const answer = await harness.request(method, path, body, headers[role])
    if (may(role, needed)) expect([401, 403], `${role}: ${answer.status}`).not.toContain(answer.status)
    else expect(problem(answer)).toMatchObject({ status: 403, detail: expect.stringContaining(permissions[needed][1]) })
  }
})
