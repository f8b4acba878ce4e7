// Operators' actions on faults, one or many at once. Each is shown as pending until the verdict is there; what comes
// of it is reported once for all, so that a mixed selection neither fails as a whole nor hides what did not work.
import type { Verdict } from '@ronda/contracts/action'
import type { ErrorCode } from '@ronda/contracts/errors'
import type { Fault } from '@ronda/contracts/fault'
import type { ActionRequest, FaultApi } from '../../api/faults.ts'
import type { Reply } from '../../api/http.ts'
import { type Watchable, createStore } from '../../external-store.ts'
import type { FaultStore } from '../../live/fault-store.ts'
import { type Asked, isAsSeen } from './effects.ts'

export interface Task {
  /** As the operator saw it. */
  readonly fault: Fault
  readonly request: ActionRequest
}

/**
 * What becomes of a task: `already`: somebody else was first; `changed`: it changed after the operator saw it; `gone`:
 * it is closed; `undecided`: taken, and without a verdict yet; `refused`: not allowed, or no session; `failed`: the
 * server could not be reached or could not do it.
 */
export const outcomeKinds = ['done', 'already', 'gone', 'undecided', 'changed', 'failed', 'refused'] as const
export type OutcomeKind = (typeof outcomeKinds)[number]

export interface Result extends Task {
  /** Who was first, or changed it last, if that is known. */
  readonly by: string | undefined
  /** The fault as it is by then, where nobody but this person has changed it since they saw it. */
  readonly left?: Fault | undefined
}

export type Outcome = Readonly<Record<OutcomeKind, readonly Result[]>>

export interface PendingAction extends Asked {
  /** The server has it in its log, and has not decided yet. */
  readonly isTaken: boolean
}

export interface Performer {
  /** What is under way, by the id of its fault. */
  readonly pending: Watchable<ReadonlyMap<string, PendingAction>>
  /**
   * Of each fault one task at a time, in the order in which they were asked for; what was asked for last, and is not done yet, is left out.
   * Resolves with what became of the others.
   */
  perform(tasks: readonly Task[]): Promise<Outcome>
}

export interface PerformerDeps {
  api: Pick<FaultApi, 'act'>
  /** Who acts. */
  name: string
  faults: Pick<FaultStore, 'find' | 'confirm'>
  newKey: () => string
  /** ms UTC of the city's clock. */
  now: () => number
  timing?: Timing
}

/** A task in the line of its fault. */
interface Turn {
  readonly task: Task
  /** The fault as it was seen when the task before was over; undefined where nothing is before it. */
  readonly before: Promise<Fault> | undefined
  /** The same of this one: as it has left the fault, or as that was seen before it. */
  readonly end: PromiseWithResolvers<Fault>
}

interface Timing {
  /** ms to wait before each further attempt at a server that does not answer. */
  retriesMs: readonly number[]
  /** ms to wait before each further question for a verdict that takes long; each question waits by itself. */
  verdictsMs: readonly number[]
}

// A verdict takes up to 2 s of the server's time: more at once would only queue.
const maxAtOnce = 6
const defaultTiming: Timing = { retriesMs: [500, 2_000], verdictsMs: [500, 1_000, 2_000, 4_000] }
/** Changes without weight that one request goes along with. */
const maxFollowed = 4

export function createPerformer({ timing = defaultTiming, ...deps }: PerformerDeps): Performer {
  const { api, name, faults, newKey, now } = deps
  const pending = createStore<ReadonlyMap<string, PendingAction>>(new Map())
  /** Keys of requests without a verdict: repeated with the same key, one of them counts. */
  const openKeys = new Map<string, string>()
  /** The end of the line of each fault on which something is under way. */
  const lines = new Map<string, Turn>()

  function lineUp(task: Task): Turn {
    const { id } = task.fault
    const turn: Turn = { task, before: lines.get(id)?.end.promise, end: Promise.withResolvers() }
    lines.set(id, turn)
    return turn
  }

  function isLastAsked(task: Task): boolean {
    const last = lines.get(task.fault.id)
    return last !== undefined && nameOf(last.task) === nameOf(task)
  }

  async function takeTurn(turn: Turn): Promise<[OutcomeKind, Result]> {
    const { task, before, end } = turn
    const { id } = task.fault
    // What an operator has just done, they have seen; what they looked at may be newer still.
    const left = await before
    const seen = left !== undefined && left.revision > task.fault.revision ? left : task.fault
    if (before !== undefined) begin([turn])
    const [kind, result] = await performOne({ ...task, fault: seen })
    if (lines.get(id) === turn) lines.delete(id)
    setPending(id, undefined)
    end.resolve((kind === 'done' ? result.left : undefined) ?? seen)
    return [kind, result]
  }

  function begin(turns: readonly Turn[]): void {
    const at = now()
    const begun = turns.map(
      ({ task: { fault, request } }) => [fault.id, { request, by: name, at, isTaken: false }] as const,
    )
    if (begun.length > 0) pending.set(new Map([...pending.get(), ...begun]))
  }

  function setPending(id: string, action: PendingAction | undefined): void {
    const next = new Map(pending.get())
    if (action === undefined) next.delete(id)
    else next.set(id, action)
    pending.set(next)
  }

  async function performOne(task: Task): Promise<[OutcomeKind, Result]> {
    let { fault } = task
    for (let followed = 0; ; followed++) {
      const reply = await ask(fault, task.request)
      const verdict = verdictOf(reply)
      if (verdict?.fault !== undefined) faults.confirm(verdict.fault)
      const changed = codeOf(reply) === 'revision_conflict' ? verdict?.fault : undefined
      if (changed === undefined || followed === maxFollowed || !isAsSeen(task.fault, changed)) {
        return judge(task, reply, verdict)
      }
      fault = changed
    }
  }

  function judge(task: Task, reply: Reply<Verdict>, verdict: Partial<Verdict> | undefined): [OutcomeKind, Result] {
    if (reply.kind === 'unreachable') return ['failed', { ...task, by: undefined }]
    const { action } = task.request
    if (reply.kind === 'answer') {
      // Whoever comments goes by no state of the fault.
      const left = action === 'comment' ? undefined : verdict?.fault
      return [reply.status === 202 ? 'undecided' : 'done', { ...task, by: undefined, left }]
    }
    const { code } = reply.problem
    // The event may have come with the name before the answer did.
    const by = verdict?.by ?? (action === 'acknowledge' ? faults.find(task.fault.id)?.acknowledgedBy : undefined)
    const result = { ...task, by }
    if (code !== tooLate[action]) return [refusals[code] ?? 'failed', result]
    // Acknowledging a cause acknowledges what it caused: who chose both was first with the one by the other.
    return [action === 'acknowledge' && by === name ? 'done' : 'already', result]
  }

  /** Until there is a verdict, or it takes too long. */
  async function ask(fault: Fault, request: ActionRequest): Promise<Reply<Verdict>> {
    // A comment is as true of the fault as it is by then.
    const expectedRevision = request.action === 'comment' ? undefined : fault.revision
    const attempt = JSON.stringify([fault.id, fault.revision, request])
    const idempotencyKey = openKeys.get(attempt) ?? newKey()
    openKeys.set(attempt, idempotencyKey)
    const send = () => api.act(fault.id, request, { expectedRevision, idempotencyKey })

    let reply = await send()
    const waits = { retries: [...timing.retriesMs], verdicts: [...timing.verdictsMs] }
    for (;;) {
      const isTaken = reply.kind === 'answer' && reply.status === 202
      if (!isTaken && !isPassing(reply)) break
      if (isTaken) markTaken(fault.id)
      const waitMs = (isTaken ? waits.verdicts : waits.retries).shift()
      if (waitMs === undefined) return reply
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      reply = await send()
    }
    openKeys.delete(attempt)
    return reply
  }

  function markTaken(id: string): void {
    const action = pending.get().get(id)
    if (action?.isTaken === false) setPending(id, { ...action, isTaken: true })
  }

  return {
    pending,
    async perform(tasks) {
      const outcome: Record<OutcomeKind, Result[]> = {
        done: [],
        already: [],
        gone: [],
        undecided: [],
        changed: [],
        failed: [],
        refused: [],
      }
      const queue = tasks.filter((task) => !isLastAsked(task)).map(lineUp)
      begin(queue.filter(({ before }) => before === undefined))
      const work = async () => {
        for (let turn = queue.shift(); turn !== undefined; turn = queue.shift()) {
          const [kind, result] = await takeTurn(turn)
          outcome[kind].push(result)
        }
      }
      await Promise.all(Array.from({ length: Math.min(maxAtOnce, queue.length) }, work))
      return outcome
    },
  }
}

function nameOf({ fault: { id }, request }: Task): string {
  return JSON.stringify([id, request])
}

/** How the detector says that somebody else has done the same. */
const tooLate: Partial<Record<ActionRequest['action'], ErrorCode>> = {
  acknowledge: 'already_acknowledged',
  unshelve: 'not_shelved',
  close: 'already_closed',
}

/** Where a refusal goes that is not the server's failure. */
const refusals: Partial<Record<ErrorCode, OutcomeKind>> = {
  revision_conflict: 'changed',
  fault_not_found: 'gone',
  already_closed: 'gone',
  unauthenticated: 'refused',
  forbidden: 'refused',
  origin_mismatch: 'refused',
}

/** A refusal by the detector carries its verdict, as RFC 9457 lets a problem carry more than its own members. */
function verdictOf(reply: Reply<Verdict>): Partial<Verdict> | undefined {
  if (reply.kind === 'unreachable') return undefined
  return reply.kind === 'answer' ? reply.body : (reply.problem as Partial<Verdict>)
}

function codeOf(reply: Reply<Verdict>): ErrorCode | undefined {
  return reply.kind === 'problem' ? reply.problem.code : undefined
}

/** The same request may work in a moment. */
function isPassing(reply: Reply<Verdict>): boolean {
  return reply.kind === 'unreachable' || (reply.kind === 'problem' && (reply.status === 429 || reply.status >= 500))
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
