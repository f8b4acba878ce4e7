import { systemClock } from '@ronda/runtime/clock'
import { createLog } from '@ronda/runtime/log'
import { createCity } from '../src/city.ts'
import { exampleCity, examplePlan } from './example-city.ts'
const n = Number(process.argv[2])
const interval = Number(process.argv[4] ?? 20)
let t0 = performance.now()
const plan = examplePlan(n, interval)
console.log('plan ms', Math.round(performance.now() - t0))
const tokens = new Map(plan.map(({ id }) => [id, `token of ${id} 0123456789012345678901234567890123`]))
console.log('base MB', Math.round(process.memoryUsage().rss / 1e6))
t0 = performance.now()
const city = createCity({
  city: exampleCity,
  plan,
  clock: systemClock,
  seed: 1,
  connection: { host: '127.0.0.1', port: Number(process.argv[3]), tokens, perSecond: Number(process.argv[6] ?? 1000) },
  faultsPerMinute: 1.5,
  log: createLog('x', 'info'),
})
console.log('create ms', Math.round(performance.now() - t0))
let last = process.cpuUsage(),
  lastAt = performance.now(),
  lastRead = 0
const timer = setInterval(() => {
  const cpu = process.cpuUsage(last)
  const dt = performance.now() - lastAt
  last = process.cpuUsage()
  lastAt = performance.now()
  const s = city.stats()
  const m = process.memoryUsage()
  console.log(
    JSON.stringify({
      connected: s.connected,
      msgs: s.acknowledgedMessages,
      perS: Math.round(((s.acknowledgedReadings - lastRead) / dt) * 1000),
      cpuPct: Math.round((cpu.user + cpu.system) / dt / 10),
      rssMB: Math.round(m.rss / 1e6),
      heapMB: Math.round(m.heapUsed / 1e6),
      backlog: s.backlog,
    }),
  )
  lastRead = s.acknowledgedReadings
}, 5000)
setTimeout(
  async () => {
    clearInterval(timer)
    t0 = performance.now()
    await city.stop()
    console.log('stop ms', Math.round(performance.now() - t0))
    process.exit(0)
  },
  Number(process.argv[5] ?? 40) * 1000,
)
