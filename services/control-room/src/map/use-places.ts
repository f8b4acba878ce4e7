import { useState } from 'react'
import { fetchDevicePlaces } from '../api/devices.ts'
import { type Fetched, useFetched } from '../use-fetched.ts'
import { type Places, readPlaces } from './places.ts'

/** How often it is asked whether devices came or went. */
const everyMs = 60_000

/** The same places as long as the registry is the same, however often they are told. */
export function usePlaces(): Fetched<Places> {
  const fetched = useFetched(fetchDevicePlaces, { key: 'places', everyMs })
  const [places, setPlaces] = useState<Places>()
  if (fetched.state !== 'known') return fetched
  const { value: columns } = fetched
  if (places?.revision === columns.revision) return { state: 'known', value: places }
  const next = readPlaces(columns)
  setPlaces(next)
  return { state: 'known', value: next }
}
