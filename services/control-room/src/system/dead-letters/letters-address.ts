// What the list of dead letters shows, as its address says it: a reason, a device, the one that is open.
import type { DeadLetterCode } from '@ronda/contracts/dead-letter'
import { deadLetterCodes } from '@ronda/contracts/dead-letter-codes'
import { pagePathOf } from '@ronda/contracts/page-routes'

export const lettersId = 'dead-letters'

export interface LettersView {
  readonly code?: DeadLetterCode | undefined
  readonly device?: string | undefined
  /** Cursor of the one that is open. */
  readonly letter?: string | undefined
}

export function parseLettersView(query: string): LettersView {
  const params = new URLSearchParams(query)
  return {
    code: deadLetterCodes.find((code) => code === params.get('code')),
    device: params.get('device') ?? undefined,
    letter: params.get('letter') ?? undefined,
  }
}

export function lettersPath({ code, device, letter }: LettersView = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ code, device, letter })) {
    if (value !== undefined) params.set(name, value)
  }
  const query = params.toString()
  return pagePathOf({ section: 'system', id: lettersId }) + (query === '' ? '' : `?${query}`)
}
