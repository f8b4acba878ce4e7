// When changes are drawn. What somebody at the desk waits for: with the next frame. What is only heard: a few times a
// second, and where drawing takes long, as after an outage of half a city, so seldom that most of the time is left for
// who sits there.
import type { Schedule } from './fault-store.ts'

/** A page in the background draws no frames; its title still changes. */
const hiddenMs = 250
/** ms from one drawing to the next, which nobody notices: not sixty times a second while a city has much to tell. */
const leastMs = 100
/** ms of rest for each ms of work. */
const rest = 2

export function createFrames(): Schedule {
  let nextAt = 0

  function run(flush: () => void): void {
    const start = performance.now()
    nextAt = Math.max(nextAt, start + leastMs)
    flush()
    // React draws when the flush is over; what comes after that is ours again.
    setTimeout(() => {
      const end = performance.now()
      nextAt = Math.max(nextAt, end + rest * (end - start))
    })
  }

  return (flush, isAwaited) => {
    const waitMs = isAwaited ? 0 : nextAt - performance.now()
    if (waitMs > 0) setTimeout(onNextFrame, waitMs, () => run(flush))
    else onNextFrame(() => run(flush))
  }
}

function onNextFrame(draw: () => void): void {
  let done = false
  const once = () => {
    if (done) return
    done = true
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    draw()
  }
  const frame = requestAnimationFrame(once)
  const timer = setTimeout(once, hiddenMs)
}
