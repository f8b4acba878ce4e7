// Acknowledges what an operator chose and says, in one line for each kind of outcome, what became of it, with
// the next step beside it where there is one.
import type { Fault } from '@ronda/contracts/fault'
import type { Language } from '../preferences.ts'
import type { Room } from '../room.ts'
import type { Acknowledger } from './acknowledger.ts'

export interface AcknowledgeDeps extends Pick<Room, 'faults' | 'notices'> {
  acknowledger: Pick<Acknowledger, 'acknowledge'>
}

/** Outcomes that are over, and those that can be asked for once more, with what the button says. */
const settled = ['done', 'gone', 'undecided'] as const
const open = [
  { kind: 'changed', label: 'again' },
  { kind: 'failed', label: 'retry' },
] as const

export async function acknowledgeAndTell(deps: AcknowledgeDeps, chosen: readonly Fault[]): Promise<void> {
  const { acknowledger, faults, notices } = deps
  // The newest word: what was acknowledged since it was drawn needs nothing more, and says so.
  const left = chosen.filter(({ id }) => faults.find(id)?.acknowledged !== true)
  if (left.length === 0) {
    if (chosen.length > 0) notices.say({ tone: 'plain', saying: ({ actions }) => actions.nothing })
    return
  }
  const outcome = await acknowledger.acknowledge(left)
  const { already, refused } = outcome

  for (const kind of settled) {
    const each = outcome[kind]
    if (each.length === 0) continue
    notices.say({
      tone: 'plain',
      saying: ({ actions }, language) => actions[kind](each.length, nameOfFirst(each, language)),
    })
  }
  if (already.length > 0) {
    const each = already.map(({ fault }) => fault)
    notices.say({
      tone: 'plain',
      saying: ({ actions }, language) => actions.already(each.length, nameOfFirst(each, language), already[0]?.by),
    })
  }
  for (const { kind, label } of open) {
    const each = outcome[kind]
    if (each.length === 0) continue
    notices.say({
      tone: 'problem',
      saying: ({ actions }, language) => actions[kind](each.length, nameOfFirst(each, language)),
      action: {
        label: ({ actions }) => actions[label],
        // As they are by then.
        run: () =>
          void acknowledgeAndTell(
            deps,
            each.flatMap(({ id }) => faults.find(id) ?? []),
          ),
      },
    })
  }
  if (refused.length > 0) notices.say({ tone: 'problem', saying: ({ actions }) => actions.refused })
}

function nameOfFirst([first]: readonly Fault[], language: Language): string {
  return first?.message[language] ?? ''
}
