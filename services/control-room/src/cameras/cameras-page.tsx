// The cameras of the city as a wall of tiles: whether each has a picture, records it and can be heard, and what its
// metadata counted. There are no pictures here, and nothing about a person.
import { fetchCameraWall } from '../api/city-figures.ts'
import { useText } from '../context.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { Outdated } from '../overview/outdated.tsx'
import { useFetched } from '../use-fetched.ts'
import { CameraBar } from './camera-bar.tsx'
import { CameraGrid } from './camera-grid.tsx'
import { useCameraTiles } from './use-camera-tiles.ts'
import '../styles/cameras.css'

/** Real ms: about as often as the server has something new to tell of two thousand. */
const everyMs = 10_000

export function CamerasPage() {
  const fetched = useFetched(fetchCameraWall, { key: 'cameras', everyMs })
  const wall = fetched.state === 'known' ? fetched.value : undefined
  const { all, tiles, filter, hold } = useCameraTiles(wall)
  const { cameras: words } = useText()
  const isSlow = useSlow(fetched.state === 'loading')
  return (
    <div className="cameras">
      <CameraBar all={all} shown={tiles.length} filter={filter} />
      <Outdated say={words.outdated} />
      {wall !== undefined && tiles.length > 0 && <CameraGrid tiles={tiles} onHold={hold} />}
      {wall !== undefined && tiles.length === 0 && (
        <div className="no-rows">
          <h2>{all.length === 0 ? words.noneAtAll : words.none}</h2>
          <p>{all.length === 0 ? words.noneAtAllMeaning : words.noneMeaning}</p>
        </div>
      )}
      {fetched.state === 'failed' && (
        <div className="no-rows" role="status">
          <h2>{words.failed}</h2>
          <p>{words.failedMeaning}</p>
        </div>
      )}
      {isSlow && (
        <div className="skeleton" role="status" aria-label={words.loading}>
          {Array.from({ length: 8 }, (_, i) => (
            <div key={i} className="skeleton-row" />
          ))}
        </div>
      )}
    </div>
  )
}
