// Where in the log the engine is. Log time is the newest time that any input had when it was received, never the
// wall clock; it does not go back, and timers see it pass through their due times.

export interface LogClock {
  /** ms UTC. */
  time: number
  /** ms UTC: where the present input takes it, once all that is due before has happened. */
  until: number
  /** Of the input that is being decided. */
  position: number
  /** Events said at this position so far. */
  said: number
}
