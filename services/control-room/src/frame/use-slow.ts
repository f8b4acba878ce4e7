import { useEffect, useState } from 'react'

/** Whether a wait has lasted long enough to be shown: a skeleton that only flashes is worse than none. */
export function useSlow(waiting: boolean, afterMs = 300): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!waiting) return undefined
    const timer = setTimeout(setSlow, afterMs, true)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [waiting, afterMs])
  return slow && waiting
}
