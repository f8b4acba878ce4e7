// Sessions that end while their pages are open: signed out elsewhere, ended by their person, or with the account's
// role, password or life. Whoever ends one takes its row away, and hears nothing of who listens.
import type { Bucket } from '@ronda/backbone/backbone'
import type { SessionRow } from '@ronda/contracts/session'

/** Until the signal aborts. `onEnded` is told its key. */
export async function followSessions(
  sessions: Bucket<SessionRow>,
  signal: AbortSignal,
  onEnded: (session: string) => void,
): Promise<void> {
  const { changes } = await sessions.watch(signal)
  for await (const batch of changes) {
    for (const { key, value } of batch) if (value === undefined) onEnded(key)
  }
}
