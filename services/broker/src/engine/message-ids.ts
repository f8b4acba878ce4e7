// The ids of messages that are sent to one client, QoS 1 and 2: an id that is not acknowledged is not given to another
// message [MQTT-2.3.1-4].

const highestId = 65_535
/** A client that leaves so many unacknowledged does not read. */
const mostInUse = 16_384

export interface MessageIds {
  /** Undefined when too many are in use. */
  take(): number | undefined
  /** It was acknowledged. */
  free(id: number): void
}

export function createMessageIds(): MessageIds {
  const inUse = new Set<number>()
  let last = 0
  return {
    take() {
      if (inUse.size >= mostInUse) return undefined
      do last = (last % highestId) + 1
      while (inUse.has(last))
      inUse.add(last)
      return last
    },
    free: (id) => void inUse.delete(id),
  }
}
