// The most that the common alternative holds, Mosquitto → Node-RED → InfluxDB 1.x: it is offered more and more, each
// time anew, until twice in a row that brings it no further. Beyond what it holds it loses messages, or keeps them in
// memory.
import { setTimeout as delay } from 'node:timers/promises'
import { type Influxd, startInfluxd } from '@ronda/infra/testing/influxd'
import type { Report } from '../report.ts'
import { runLoad } from '../load/run-load.ts'
import { mosquitto } from '../servers/contestants.ts'
import type { NodeRed, NodeRedFlow } from '../servers/node-red.ts'

const connections = 200
const inFlight = 20
/** Messages a second. */
const offered: Readonly<Record<NodeRedFlow, readonly number[]>> = {
  each: [2_500, 3_500, 5_000, 7_000, 10_000],
  thousands: [10_000, 20_000, 40_000, 80_000],
}
/** Without another point in the database for so long, no more are to come. */
const settledMs = 5_000

export interface AlternativeOptions {
  flow: NodeRedFlow
  quick: boolean
  note: Report['note']
}

/** Points a second that are in the database in the end. */
export async function mostOfNodeRed(nodeRed: NodeRed, { flow, quick, note }: AlternativeOptions): Promise<number> {
  let most = 0
  let below = 0
  for (const messagesPerSecond of offered[flow]) {
    const { sent, points, perSecond } = await offer(nodeRed, flow, messagesPerSecond, quick ? 5_000 : 15_000)
    note(
      `pipeline: Node-RED, ${flow}: of ${sent} messages at ${messagesPerSecond}/s ${points} were stored, ${Math.round(perSecond)}/s`,
    )
    below = perSecond < most ? below + 1 : 0
    if (below === 2) break
    most = Math.max(most, perSecond)
  }
  return most
}

async function offer(nodeRed: NodeRed, flow: NodeRedFlow, messagesPerSecond: number, measureMs: number) {
  const database = 'alternative'
  const influxd = await startInfluxd()
  try {
    await influxd.query(`CREATE DATABASE ${database}`)
    const { target, pid, stop } = await mosquitto.start({ connections })
    try {
      const running = await nodeRed.start({ flow, brokerPort: target.port, influxPort: influxd.port, database })
      try {
        const order = { ...target, pid, inFlight, messagesPerSecond, warmUpMs: 0, measureMs }
        const { total: sent, seconds } = await runLoad('publisher', order)
        const { points, afterMs } = await whenSettled(influxd, database)
        return { sent, points, perSecond: points / (seconds + afterMs / 1_000) }
      } finally {
        await running.stop()
      }
    } finally {
      await stop()
    }
  } finally {
    await influxd.stop()
  }
}

/** Counts until no more points come; after `afterMs` that was the last count to have grown. */
async function whenSettled(influxd: Influxd, database: string): Promise<{ points: number; afterMs: number }> {
  const startedAt = performance.now()
  let points = 0
  let lastAt = startedAt
  while (performance.now() - lastAt < settledMs) {
    const [result] = await influxd.query('SELECT COUNT("seq") FROM "streetlight"', database)
    const count = Number(result?.series?.[0]?.values[0]?.[1] ?? 0)
    if (count > points) [points, lastAt] = [count, performance.now()]
    await delay(250)
  }
  return { points, afterMs: lastAt - startedAt }
}
