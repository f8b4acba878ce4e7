// What bounds deliveries to receivers. Tests set smaller ones; operators set none.

export interface Limits {
  /** ms in which a receiver has to answer with 2xx. */
  answerMs: number
  /** Bytes of an answer that are read. */
  answerBytes: number
  /** ms until the second attempt of a notice; each further wait is twice as long... */
  firstDelayMs: number
  /** ...up to this. */
  longestDelayMs: number
  /** ms since a notice was first tried, or put behind another, beyond which it is given up. */
  giveUpMs: number
  /** The longest that a receiver may ask us to wait, ms. */
  longestRetryAfterMs: number
  /** Notices that are put aside for a receiver before it is sent nothing new. */
  mostHeld: number
  /** Notices given up that are kept for a receiver. */
  mostDeadLetters: number
  /** Attempts that are kept for a receiver. */
  mostDeliveries: number
  /** ms after which a receiver that gets nothing is shown to people. */
  tellFailingMs: number
  /** ms after which a place that only skipped events is kept. */
  keepPlaceMs: number
}

const hourMs = 3_600_000

export const defaultLimits: Limits = {
  answerMs: 10_000,
  answerBytes: 16 * 1024,
  firstDelayMs: 5_000,
  longestDelayMs: hourMs / 4,
  giveUpMs: 24 * hourMs,
  longestRetryAfterMs: hourMs,
  mostHeld: 256,
  mostDeadLetters: 1_000,
  mostDeliveries: 10_000,
  tellFailingMs: hourMs,
  keepPlaceMs: 5_000,
}
