// An answer that takes work, made once for all who ask within a while: every page of a city asks for the same. However
// large the city, it takes no more than a tenth of the time.

/** ms that an answer is kept for each ms that it took. */
const rest = 9

export interface SharedAnswerDeps {
  /** For how long it does at least. */
  keptMs: number
  /** ms of a clock that never jumps. */
  elapsed: () => number
}

/** Those who ask while it is made wait for it; a failure is told to them, and whoever asks next has another try. */
export function shareAnswer<T>(make: () => Promise<T>, { keptMs, elapsed }: SharedAnswerDeps): () => Promise<T> {
  let kept: { answer: Promise<T>; until: number } | undefined

  return async () => {
    if (kept !== undefined && elapsed() < kept.until) return kept.answer
    const begunAt = elapsed()
    const answer = make()
    const made = { answer, until: Infinity }
    kept = made
    answer.then(
      () => {
        made.until = elapsed() + Math.max(keptMs, rest * (elapsed() - begunAt))
      },
      () => {
        if (kept === made) kept = undefined
      },
    )
    return answer
  }
}
