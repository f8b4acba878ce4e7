// A city as the fault engine knows it: asked for by the detector, and by whoever decides its log once more.
import type { City } from '@ronda/contracts/city'
import type { EngineCity } from '@ronda/faults/engine'

export function engineCityOf({ profile, districts }: City): EngineCity {
  const names = districts.features.map(({ properties: { slug, name } }) => [slug, name])
  return { ...profile, districtNames: Object.fromEntries(names) }
}
