// A recording played to a broker: looked through once for what is needed, then message by message at its time.
import { createHistogram } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppError } from '@ronda/contracts/errors'
import type { Broker, Login } from '../broker.ts'
import { payloadOf } from '../recording/format.ts'
import { type Recording, openRecording } from '../recording/reader.ts'
import type { Playable } from './lane.ts'
import { openDeviceLanes, openSharedLane } from './lanes.ts'
import { createTimeShift } from './time-shift.ts'
import { createWindow } from './window.ts'

export interface ReplayOptions {
  broker: Broker
  file: string
  /** Infinity: as fast as it is acknowledged. */
  speed: number
  isTimeShifted: boolean
  renameTopic: (topic: string) => string
  /** By device id, for a connection of each; otherwise one for all, with the login. */
  tokens: ReadonlyMap<string, string> | undefined
  login: Login | undefined
  say: (line: string) => void
  /** Ends it early. */
  signal: AbortSignal
}

export interface Replayed {
  recorded: number
  sent: number
  /** Or sent, with QoS 0. */
  acknowledged: number
  /** The broker ended the connection over it, again and again. */
  refused: number
  /** Nobody's credentials were there for their topics. */
  unsent: number
  /** Packets beyond the first of a message. */
  resent: number
  /** Behind the recording's pace. */
  late: { p50Ms: number; p99Ms: number; maxMs: number }
  seconds: number
  /** Why it ended before its end. */
  failure: AppError | undefined
}

const inFlight = { messages: 1_000, bytes: 16 * 1024 * 1024 }
/** What a timer cannot tell from at once. */
const noWaitMs = 1
const reportMs = 10_000
const lastAcknowledgementsMs = 5_000

/** Throws `recording_invalid`, `mqtt_credentials_refused`, `unavailable`. */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { broker, file, speed, renameTopic, tokens, login, say } = options
  const recording = await openRecording(file)
  const { recorded, spanMs, topics, gaps } = await survey(recording, renameTopic)
  const interrupted = gaps === 0 ? '' : `, ${gaps} times interrupted`
  say(`${recorded} messages in ${Math.round(spanMs / 1_000)} s from ${recording.header.broker}${interrupted}`)

  const counts = { sent: 0, acknowledged: 0, refused: 0, unsent: 0, resent: 0 }
  let failure: AppError | undefined
  const ended = new AbortController()
  const signal = AbortSignal.any([options.signal, ended.signal])
  const deps = {
    broker,
    onResent: () => void counts.resent++,
    onLost(error: AppError) {
      failure ??= error
      ended.abort()
    },
  }
  const onRefused = (id: string) => say(`${id} is refused: its token is not this, or it is not registered or disabled`)
  const lanes =
    tokens === undefined
      ? await openSharedLane(deps, login)
      : await openDeviceLanes(deps, { topics, tokens, onRefused })

  const window = createWindow(inFlight)
  const late = createHistogram()
  const startedAt = performance.now()
  const shift = options.isTimeShifted
    ? createTimeShift({ startedAt: recording.header.startedAt, spanMs, speed, now: Date.now() })
    : undefined
  const reporting = setInterval(() => {
    say(`${counts.sent} of ${recorded} sent, ${window.messages} not acknowledged yet`)
  }, reportMs)
  try {
    for await (const line of recording.lines()) {
      if (signal.aborted) break
      if (!('topic' in line)) continue
      const topic = renameTopic(line.topic)
      const lane = lanes.laneOf(topic)
      if (lane === undefined) {
        counts.unsent++
        continue
      }
      const dueAt = startedAt + line.at / speed
      const waitMs = dueAt - performance.now()
      if (waitMs > noWaitMs) await delay(waitMs, undefined, { signal })
      const payload = shift === undefined || line.text === undefined ? payloadOf(line) : Buffer.from(shift(line.text))
      await window.enter(payload.length, signal)
      if (Number.isFinite(speed)) late.record(Math.max(1, Math.round(performance.now() - dueAt)))
      const message: Playable = { topic, payload, qos: line.qos, retain: line.retain }
      counts.sent++
      lane.publish(message, (outcome) => {
        counts[outcome]++
        window.leave(payload.length)
        if (outcome === 'refused') say(`refused: ${topic} of ${line.at} ms`)
      })
    }
    await window.empty(signal)
  } catch (error) {
    if (!signal.aborted) throw error
    // Ended early: what is on its way may still arrive.
    if (failure === undefined) await window.empty(AbortSignal.timeout(lastAcknowledgementsMs)).catch(() => {})
  } finally {
    clearInterval(reporting)
    await lanes.close()
  }
  return {
    recorded,
    ...counts,
    late: { p50Ms: late.percentile(50), p99Ms: late.percentile(99), maxMs: late.max },
    seconds: (performance.now() - startedAt) / 1_000,
    failure,
  }
}

async function survey(recording: Recording, renameTopic: (topic: string) => string) {
  const topics = new Set<string>()
  let recorded = 0
  let gaps = 0
  let spanMs = 0
  for await (const line of recording.lines()) {
    spanMs = line.at
    if ('topic' in line) {
      recorded++
      topics.add(renameTopic(line.topic))
    } else if (!line.connected) gaps++
  }
  return { recorded, gaps, spanMs, topics }
}
