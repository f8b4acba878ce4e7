// A process of its own: the detector as it is, on a log in which very many devices report as fast as it can read. How
// long it keeps the event loop from its turn, whatever it does, and how soon it goes on after a restart.
import type { Backbone } from '@ronda/backbone/backbone'
import { openBackbone } from '@ronda/backbone/open'
import { encodeRecord } from '@ronda/backbone/record-codec'
import type { DeviceRow } from '@ronda/contracts/device'
import { runDetector } from '@ronda/ingest/detector'
import { readEnvironment } from '@ronda/runtime/config'
import { createLog } from '@ronda/runtime/log'
import { waitFor } from '../process.ts'
import { type NormalCity, createNormalCity, evening, intervalS, profile, stamped } from './normal-city.ts'
import { type Turns, threadCpuMs, watchTurns } from './turns.ts'

export interface KeepingOrder {
  /** Empty, and removed by whoever orders it. */
  dir: string
  devices: number
  /** Readings of each device. */
  minutes: number
}

export interface KeepingResult {
  /** By the processor's time of its thread, decoding included. */
  readingsPerSecond: number
  turns: Turns
  /** From the start of the detector until it reads on, ms. */
  restartMs: number
}

process.once('message', (order: KeepingOrder) => {
  void run(order).then((result) => process.send?.(result, () => process.exit(0)))
})

async function run({ dir, devices, minutes }: KeepingOrder): Promise<KeepingResult> {
  const backbone = openBackbone({ dir, env: readEnvironment({ RONDA_DATA_DIR: dir }), now: Date.now })
  try {
    const city = createNormalCity(devices)
    // Its first start writes a row of every device, and a first reading of each sets its timer.
    await publish(backbone, city, 0)
    await decide(backbone, city)
    for (let minute = 1; minute <= minutes; minute++) await publish(backbone, city, minute)
    const { restartMs, cpuMs, turns, messages } = await decide(backbone, city)
    return { readingsPerSecond: (messages / cpuMs) * 1_000, turns, restartMs }
  } finally {
    await backbone.close()
  }
}

/** A reading of every device, as the broker appends them. */
async function publish(backbone: Backbone, { messages }: NormalCity, minute: number): Promise<void> {
  const log = backbone.stream('log')
  await new Promise<void>((resolve) => {
    for (const [n, { record }] of messages.entries()) {
      const at = evening + Math.floor((minute + n / messages.length) * intervalS * 1_000)
      const done = n === messages.length - 1 ? () => resolve() : () => {}
      log.append(encodeRecord(stamped(record, at)), { counted: true }, done)
    }
  })
}

/** Runs the detector until it has kept all that is in the log. */
async function decide(backbone: Backbone, { devices }: NormalCity) {
  const rows = new Map(devices.map((device): [string, DeviceRow] => [device.id, { device, tokenSha256: '' }]))
  const stop = new AbortController()
  const log = createLog('bench', 'warn')
  const head = await backbone.stream('log').head()
  const reached = async () => (await backbone.checkpoint('detector'))?.ordinal ?? 0
  const before = await reached()
  const startedAt = performance.now()
  const running = runDetector(
    {
      backbone,
      city: profile,
      findDevice: (id) => rows.get(id),
      askForDevice: async (id) => rows.get(id),
      devices: () => devices,
      onBlocked() {},
      log,
    },
    stop.signal,
  )
  await waitFor(async () => (await reached()) > before, 60_000, 'the detector did not begin')
  const restartMs = performance.now() - startedAt
  const begun = await reached()
  const cpuBeforeMs = threadCpuMs()
  const turns = watchTurns()
  await waitFor(async () => (await reached()) === head.ordinal, 120_000, 'the detector did not catch up')
  const cpuMs = threadCpuMs() - cpuBeforeMs
  const result = { restartMs, cpuMs, turns: turns(), messages: head.ordinal - begun }
  stop.abort()
  await running
  return result
}
