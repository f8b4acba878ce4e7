// The letters of the actions: pressed anywhere on the screen, shown beside their buttons.
import type { FaultActionName } from '@ronda/contracts/action'

export const actionKeys: Readonly<Record<FaultActionName, string>> = {
  acknowledge: 'a',
  assign: 't',
  shelve: 's',
  unshelve: 'u',
  comment: 'c',
  close: 'e',
}

/** Assigns to whoever presses it. */
export const assignToMeKey = 'm'
