// Whether there is anything to be watched: a city without devices has no faults either, and is not well.
import { useEffect, useState } from 'react'
import { hasDevices } from '../api/devices.ts'
import { useRoom, useWatched } from '../context.tsx'

/** undefined while nobody knows. Until there is a device it is asked anew with every status of the server. */
export function useHasDevices(): boolean | undefined {
  const status = useWatched(useRoom().status)
  const [known, setKnown] = useState<boolean>()

  useEffect(() => {
    if (known === true) return
    void hasDevices().then((answer) => {
      if (answer !== undefined) setKnown(answer)
    })
  }, [known, status])

  return known
}
