// Acknowledges what an operator chose and says, in one line for each kind of outcome, what became of it, with
// the next step beside it where there is one.
import type { Fault } from '@ronda/contracts/fault'
import type { Language } from '../preferences.ts'
import type { Room } from '../room.ts'
import type { Text } from '../text/en.ts'
import type { Acknowledger } from './acknowledger.ts'

export interface Wording {
  text: Text
  language: Language
}

export interface AcknowledgeDeps extends Pick<Room, 'faults' | 'notices'> {
  acknowledger: Pick<Acknowledger, 'acknowledge'>
}

export async function acknowledgeAndTell(
  { acknowledger, faults, notices }: AcknowledgeDeps,
  { text, language }: Wording,
  chosen: readonly Fault[],
): Promise<void> {
  const { actions } = text
  const nameOf = (each: readonly Fault[]) => each[0]?.message[language] ?? ''
  // The newest word: what was acknowledged since it was drawn needs nothing more, and says so.
  const open = chosen.filter(({ id }) => faults.find(id)?.acknowledged !== true)
  if (open.length === 0) {
    if (chosen.length > 0) notices.say({ tone: 'plain', text: actions.nothing })
    return
  }
  const outcome = await acknowledger.acknowledge(open)

  const plain = (each: readonly Fault[], words: (n: number, what: string) => string) => {
    if (each.length > 0) notices.say({ tone: 'plain', text: words(each.length, nameOf(each)) })
  }
  const again = (each: readonly Fault[]) => {
    const newest = each.flatMap(({ id }) => faults.find(id) ?? [])
    void acknowledgeAndTell({ acknowledger, faults, notices }, { text, language }, newest)
  }
  plain(outcome.done, actions.done)
  plain(outcome.gone, actions.gone)
  plain(outcome.undecided, actions.undecided)
  const { already, changed, failed, refused } = outcome
  if (already.length > 0) {
    const first = already[0]
    // The event may have come with the name before the answer did.
    const by = first === undefined ? undefined : (first.by ?? faults.find(first.fault.id)?.acknowledgedBy)
    const words = actions.already(already.length, nameOf(already.map(({ fault }) => fault)), by)
    notices.say({ tone: 'plain', text: words })
  }
  if (changed.length > 0) {
    notices.say({
      tone: 'problem',
      text: actions.changed(changed.length, nameOf(changed)),
      action: { label: actions.again, run: () => again(changed) },
    })
  }
  if (failed.length > 0) {
    notices.say({
      tone: 'problem',
      text: actions.failed(failed.length, nameOf(failed)),
      action: { label: actions.retry, run: () => again(failed) },
    })
  }
  if (refused.length > 0) notices.say({ tone: 'problem', text: actions.refused })
}
