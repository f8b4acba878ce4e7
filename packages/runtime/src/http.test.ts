import { Writable } from 'node:stream'
import { AppError } from '@ronda/contracts/errors'
import { pino } from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type HttpServer, createHttpServer } from './http.ts'

let lines: { level: number; code?: string; reason?: string; err?: { stack: string } }[]
let app: HttpServer
beforeEach(() => {
  lines = []
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)))
      done()
    },
  })
  app = createHttpServer(pino({ level: 'debug' }, sink), { RONDA_TRUST_PROXY: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'] })
  app.get('/things/:id', { schema: { params: z.object({ id: z.string().max(9) }) } }, async ({ params }) => params)
  app.get('/refused', () => {
    throw new AppError('forbidden', 'not you')
  })
  app.get('/broken', () => {
    throw new Error('a bug')
  })
})

const { debug, error } = pino.levels.values

test.each([
  ['/nothing', 404, 'not_found'],
  ['/things/1234567890', 400, 'validation_failed'],
  // What Fastify refuses before there is a route.
  ['/things/%zz', 400, 'validation_failed'],
  [`/things/${'x'.repeat(200)}`, 400, 'validation_failed'],
  ['/refused', 403, 'forbidden'],
])('%s is refused with a problem, and nobody is told of a failure', async (url, status, code) => {
  const answer = await app.inject(url)
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.json()).toMatchObject({ type: 'about:blank', status, code })
  for (const line of lines) {
    expect(line.level).toBe(debug)
    expect(line.err).toBeUndefined()
  }
})

test('a failure of ours is told with its cause, to us alone', async () => {
  const answer = await app.inject('/broken')
  expect(answer.json()).toMatchObject({ status: 500, code: 'internal' })
  expect(answer.body).not.toContain('a bug')
  expect(lines).toMatchObject([{ level: error, code: 'internal', err: { stack: expect.stringContaining('a bug') } }])
})
