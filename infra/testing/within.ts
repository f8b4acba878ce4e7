/**
 * How long a test waits for what comes in a moment, and how often it looks, in ms. One for all, and only for what never
 * comes: a machine may be slow, or have other things to do.
 */
export const within = { timeout: 60_000, interval: 20 }
