// Acknowledging, one fault or many. Shown as done at once and marked as pending until the verdict is there;
// what comes of it is reported once for all, so that a mixed selection neither fails as a whole nor hides what
// did not work.
import type { Verdict } from '@ronda/contracts/action'
import type { ErrorCode } from '@ronda/contracts/errors'
import type { Fault } from '@ronda/contracts/fault'
import type { FaultApi } from '../api/faults.ts'
import type { Reply } from '../api/http.ts'
import { type Watchable, createStore } from '../external-store.ts'
import type { FaultStore } from '../live/fault-store.ts'

export interface Outcome {
  done: Fault[]
  /** Somebody else was first; who, if that is known. */
  already: { fault: Fault; by: string | undefined }[]
  /** It changed after the operator saw it. */
  changed: Fault[]
  /** It is closed. */
  gone: Fault[]
  /** No verdict yet: it will show as an event. */
  undecided: Fault[]
  /** Not allowed, or no session. */
  refused: Fault[]
  /** The server could not be reached or could not do it. */
  failed: Fault[]
}

export interface Acknowledger {
  /** Ids of faults that wait for their verdict. */
  readonly pending: Watchable<ReadonlySet<string>>
  /** Those already acknowledged are left out; resolves with what became of the others. */
  acknowledge(faults: readonly Fault[]): Promise<Outcome>
}

export interface AcknowledgerDeps {
  api: Pick<FaultApi, 'acknowledge'>
  /** Who acknowledges. */
  name: string
  faults: Pick<FaultStore, 'find' | 'confirm' | 'subscribe'>
  newKey: () => string
  /** ms to wait before each further attempt, and for an event where the verdict took too long. */
  timing?: { retriesMs: readonly number[]; eventMs: number }
}

// A verdict takes up to 2 s of the server's time: more at once would only queue.
const maxAtOnce = 6
const defaultTiming = { retriesMs: [500, 2_000], eventMs: 15_000 }

export function createAcknowledger({ timing = defaultTiming, ...deps }: AcknowledgerDeps): Acknowledger {
  const { api, name, faults, newKey } = deps
  const pending = createStore<ReadonlySet<string>>(new Set())
  /** Keys of requests without an answer: repeated with the same key, one of them counts. */
  const openKeys = new Map<string, string>()

  async function acknowledgeOne(fault: Fault, outcome: Outcome): Promise<void> {
    const attempt = `${fault.id} ${fault.revision}`
    const key = openKeys.get(attempt) ?? newKey()
    openKeys.set(attempt, key)
    const reply = await send(fault, key)
    if (reply.kind === 'unreachable' || isPassing(reply)) {
      outcome.failed.push(fault)
      return
    }
    openKeys.delete(attempt)
    if (reply.kind === 'problem') {
      // A refusal by the detector carries its verdict, as RFC 9457 lets a problem carry more than its own members.
      const verdict = reply.problem as Partial<Verdict>
      if (verdict.fault !== undefined) faults.confirm(verdict.fault)
      // The event may have come with the name before the answer did.
      const by = verdict.by ?? faults.find(fault.id)?.acknowledgedBy
      // Acknowledging a cause acknowledges what it caused: who chose both was first with the one by the other.
      if (reply.problem.code !== 'already_acknowledged') outcome[refusals[reply.problem.code] ?? 'failed'].push(fault)
      else if (by === name) outcome.done.push(fault)
      else outcome.already.push({ fault, by })
    } else if (reply.status === 202) {
      const acknowledged = await waitForEvent(fault.id)
      ;(acknowledged ? outcome.done : outcome.undecided).push(fault)
    } else {
      if (reply.body.fault !== undefined) faults.confirm(reply.body.fault)
      outcome.done.push(fault)
    }
  }

  async function send(fault: Fault, key: string): Promise<Reply<Verdict>> {
    const attempt = () => api.acknowledge(fault.id, { expectedRevision: fault.revision }, key)
    let reply = await attempt()
    for (const waitMs of timing.retriesMs) {
      if (reply.kind !== 'unreachable' && !isPassing(reply)) break
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      reply = await attempt()
    }
    return reply
  }

  /** true when it was acknowledged, by whomever, or is closed; false when there was no word of it in time. */
  function waitForEvent(id: string): Promise<boolean> {
    const isDecided = () => faults.find(id)?.acknowledged ?? true
    return new Promise((resolve) => {
      const finish = (decided: boolean) => {
        clearTimeout(timer)
        stop()
        resolve(decided)
      }
      const timer = setTimeout(() => finish(isDecided()), timing.eventMs)
      const stop = faults.subscribe(() => {
        if (isDecided()) finish(true)
      })
      if (isDecided()) finish(true)
    })
  }

  return {
    pending,
    async acknowledge(chosen) {
      const outcome: Outcome = { done: [], already: [], changed: [], gone: [], undecided: [], refused: [], failed: [] }
      const queue = chosen.filter(({ id, acknowledged }) => !acknowledged && !pending.get().has(id))
      const ids = queue.map(({ id }) => id)
      pending.set(new Set([...pending.get(), ...ids]))
      const work = async () => {
        for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
          const { id } = fault
          await acknowledgeOne(fault, outcome)
          pending.set(new Set([...pending.get()].filter((other) => other !== id)))
        }
      }
      await Promise.all(Array.from({ length: Math.min(maxAtOnce, queue.length) }, work))
      return outcome
    },
  }
}

/** Where a refusal goes that is not the server's failure. */
const refusals: Partial<Record<ErrorCode, 'changed' | 'gone' | 'refused'>> = {
  revision_conflict: 'changed',
  fault_not_found: 'gone',
  already_closed: 'gone',
  unauthenticated: 'refused',
  forbidden: 'refused',
  origin_mismatch: 'refused',
}

/** The same request may work in a moment. */
function isPassing(reply: Reply<Verdict>): boolean {
  return reply.kind === 'problem' && (reply.status === 429 || reply.status >= 500)
}

/** Version 4. `crypto.randomUUID` is missing where a city serves its page without TLS. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = Array.from(bytes, (byte, i) => {
    const versioned = i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte
    return versioned.toString(16).padStart(2, '0')
  }).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
