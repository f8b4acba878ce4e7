// The tiles as they are shown: by the filter in the address, the worst first. While the pointer is on them they stay
// where they are, or another camera would slip under it.
import type { CameraWall } from '@ronda/contracts/camera-wall'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useRoom, useWatched } from '../context.tsx'
import { useDeviceMarks } from '../map/use-marks.ts'
import { parseCameras } from './camera-query.ts'
import { type CameraFilter, type CameraTile, fits, keepOrder, toTile, worstFirst } from './camera-tiles.ts'

export interface ShownTiles {
  readonly all: readonly CameraTile[]
  readonly tiles: readonly CameraTile[]
  readonly filter: CameraFilter
  hold(held: boolean): void
}

export function useCameraTiles(wall: CameraWall | undefined): ShownTiles {
  const { query } = useWatched(useRoom().address)
  const filter = useMemo(() => parseCameras(query), [query])
  const marks = useDeviceMarks()
  const [heldOrder, setHeldOrder] = useState<readonly string[]>()
  const all = useMemo(
    () => (wall?.cameras ?? []).map((camera) => toTile(camera, marks.get(camera.id))).toSorted(worstFirst),
    [wall, marks],
  )
  const tiles = useMemo(() => {
    const fitting = all.filter((tile) => fits(tile, filter))
    return heldOrder === undefined ? fitting : keepOrder(fitting, heldOrder)
  }, [all, filter, heldOrder])
  const order = useRef<readonly string[]>([])
  useEffect(() => {
    order.current = tiles.map(({ camera }) => camera.id)
  }, [tiles])
  return { all, tiles, filter, hold: (held) => setHeldOrder(held ? order.current : undefined) }
}
