// Does what an operator chose and says, in one line for each kind of outcome, what became of it, with the next step
// beside it where there is one: try again, do it all the same, or undo.
import type { Fault } from '@ronda/contracts/fault'
import type { ActionRequest } from '../../api/faults.ts'
import type { Language } from '../../preferences.ts'
import type { Room } from '../../room.ts'
import type { Text } from '../../text/en.ts'
import { canDo, undoOf } from './effects.ts'
import { type OutcomeKind, type Performer, type Result, type Task, outcomeKinds } from './performer.ts'

export interface PerformDeps extends Pick<Room, 'faults' | 'notices'> {
  performer: Pick<Performer, 'perform'>
  /** A point in time, ms UTC, in the words of a language. */
  sayMoment: (at: number, language: Language) => string
}

type Notice = Parameters<Room['notices']['say']>[0]

/** The same for all of them. */
export function performAndTell(deps: PerformDeps, request: ActionRequest, faults: readonly Fault[]): Promise<void> {
  return performTasks(
    deps,
    request.action,
    faults.map((fault) => ({ fault, request })),
  )
}

async function performTasks(
  deps: PerformDeps,
  action: ActionRequest['action'],
  tasks: readonly Task[],
  isUndo = false,
): Promise<void> {
  const { performer, faults, notices } = deps
  // The newest word: what was done since it was drawn needs nothing more, and says so.
  const left = tasks.filter(({ fault }) => canDo(action, faults.find(fault.id) ?? fault))
  if (left.length === 0) {
    if (tasks.length > 0) notices.say({ tone: 'plain', saying: ({ actions }) => actions[action].nothing })
    return
  }
  const outcome = await performer.perform(left)
  for (const kind of outcomeKinds) {
    const results = outcome[kind]
    if (results.length === 0) continue
    const detail = detailOf(results, faults)
    const isProblem = kind === 'changed' || kind === 'failed' || kind === 'refused'
    const next = nextStep(deps, kind, results, isUndo)
    notices.say({
      tone: isProblem ? 'problem' : 'plain',
      saying: (text, language) => say(kind, results, detail, { deps, text, language }),
      ...(next === undefined ? {} : { action: next }),
    })
  }
}

function nextStep(
  deps: PerformDeps,
  kind: OutcomeKind,
  results: readonly Result[],
  isUndo: boolean,
): Notice['action'] | undefined {
  const { faults } = deps
  const [first] = results
  if (first === undefined) return undefined
  const { action } = first.request
  const again = (tasks: readonly Task[], undoing = isUndo) => void performTasks(deps, action, tasks, undoing)
  switch (kind) {
    case 'changed':
      // As they are by then: the operator has been told.
      return {
        label: ({ actions }) => actions[action].anyway,
        run: () =>
          again(
            results.flatMap(({ fault: { id }, request }) => {
              const now = faults.find(id)
              return now === undefined ? [] : { fault: now, request }
            }),
          ),
      }
    case 'failed':
    case 'undecided':
      // The very same request: if it was carried out after all, this is its verdict.
      return { label: ({ outcomes }) => outcomes.retry, run: () => again(results) }
    case 'done': {
      const undoing = () =>
        results.flatMap(({ fault, request }) => {
          const now = faults.find(fault.id)
          const undo = now === undefined ? undefined : undoOf(request, fault, now)
          return now === undefined || undo === undefined ? [] : { fault: now, request: undo }
        })
      const [undo] = isUndo ? [] : undoing()
      if (undo === undefined) return undefined
      return {
        label: ({ outcomes }) => outcomes.undo,
        run: () => void performTasks(deps, undo.request.action, undoing(), true),
      }
    }
    case 'already':
    case 'gone':
    case 'refused':
    default:
      return undefined
  }
}

interface Words {
  deps: PerformDeps
  text: Text
  language: Language
}

function say(kind: OutcomeKind, results: readonly Result[], detail: Detail, { deps, text, language }: Words): string {
  const { actions, outcomes } = text
  const [first] = results
  if (first === undefined) return ''
  const { request, fault, by } = first
  const words = actions[request.action]
  const what = fault.message[language]
  const n = results.length
  switch (kind) {
    case 'done':
      return outcomes.done(n, what, words.done(typeof detail === 'number' ? deps.sayMoment(detail, language) : detail))
    case 'already':
      return outcomes.already(n, what, words.done(), by)
    case 'changed':
      return outcomes.changed(n, what, words.not, by)
    case 'failed':
      return outcomes.failed(n, what, words.not)
    case 'refused':
      return outcomes.refused(words.not)
    case 'gone':
    case 'undecided':
    default:
      return outcomes[kind](n, what)
  }
}

/** To whom, or until when (ms UTC); undefined where there is no such thing, or they are given to different people. */
type Detail = string | number | undefined

function detailOf(results: readonly Result[], faults: PerformDeps['faults']): Detail {
  const names = new Set(results.map(({ request }) => (request.action === 'assign' ? request.assignee : null)))
  if (names.size === 1 && !names.has(null)) return [...names][0] ?? undefined
  const untils = results.flatMap(({ request, fault: { id } }) =>
    request.action === 'shelve' ? (faults.find(id)?.shelvedUntil ?? []) : [],
  )
  // Decided one after the other, they end within the same moment.
  return untils.length === 0 ? undefined : Math.max(...untils)
}
