// Operators' actions on their way into the log and their verdicts on the way back. The detector decides; here
// an action is only appended, and its verdict waited for.
import { type Backbone, appendNow } from '@ronda/backbone/backbone'
import { encodeJson, encodeOwnRecord } from '@ronda/backbone/record-codec'
import type { OperatorAction, Verdict } from '@ronda/contracts/action'

const verdictTimeoutMs = 2_000

export interface Actions {
  /**
   * The detector's verdict, or undefined when there is none within 2 s: the action is in the log then and will
   * be decided. `principal` is who asks, as records of the log name them. The same actionId again gives the same verdict. Throws `storage_full` while the log takes nothing.
   */
  perform(action: OperatorAction, principal: string): Promise<Verdict | undefined>
  /** Follows the verdicts until the signal aborts. */
  follow(signal: AbortSignal): Promise<void>
}

export interface ActionsDeps {
  backbone: Backbone
  source: string
  /** ms UTC of stamped time. */
  now: () => number
}

export function createActions({ backbone, source, now }: ActionsDeps): Actions {
  const log = backbone.stream('log')
  const verdicts = backbone.bucket('verdicts')
  const waiting = new Map<string, Set<(verdict: Verdict) => void>>()

  function waitFor(actionId: string): { verdict: Promise<Verdict | undefined>; cancel: () => void } {
    const { promise, resolve } = Promise.withResolvers<Verdict | undefined>()
    const others = waiting.get(actionId) ?? new Set()
    waiting.set(actionId, others.add(resolve))
    const timeout = setTimeout(resolve, verdictTimeoutMs, undefined)
    const cancel = () => {
      clearTimeout(timeout)
      others.delete(resolve)
      if (others.size === 0) waiting.delete(actionId)
    }
    return { verdict: promise.finally(cancel), cancel }
  }

  return {
    async perform(action, principal) {
      const known = await verdicts.get(action.actionId)
      if (known !== undefined) return known.value
      const { verdict, cancel } = waitFor(action.actionId)
      const record = encodeOwnRecord({
        type: 'action',
        receivedAt: now(),
        source,
        principal,
        payload: encodeJson(action),
      })
      try {
        await appendNow(log, record, { counted: false })
      } catch (error) {
        cancel()
        throw error
      }
      return verdict
    },

    async follow(signal) {
      const { changes } = await verdicts.watch(signal)
      for await (const batch of changes) {
        for (const { key, value } of batch) {
          if (value !== undefined) for (const resolve of waiting.get(key) ?? []) resolve(value)
        }
      }
    },
  }
}
