// The map itself: MapLibre on the page's element, and what is drawn on it. The page tells it what there is; it tells
// the page what was picked, what the pointer is on and what is in sight. It asks nobody but this page's own origin,
// and that of the city's style where there is one.
import type { DistrictCollection } from '@ronda/contracts/city'
import type { FeatureCollection, GeoJSON } from 'geojson'
import {
  type GeoJSONSource,
  Map as LibreMap,
  AttributionControl,
  type MapGeoJSONFeature,
  type Point,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { boundsOf, collect, deviceFeatures, districtLabels, rankChanges } from './features.ts'
import { drawPictures, pictureRatio } from './images.ts'
import { overStyle, pickable, plainStyle, sources } from './layers.ts'
import { type MarkRank, noMark } from './marks.ts'
import { type Palette, readPalette } from './palette.ts'
import type { DevicePlace } from './places.ts'

setWorkerUrl(workerUrl)

export type Picked = { readonly fault: string } | { readonly device: number }

export interface Sight {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

export interface CityMapOptions {
  element: HTMLElement
  districts: DistrictCollection
  attribution: string
  /** Style under our own layers. */
  styleUrl: string | undefined
  /** By how much the page enlarges the element, so that it is drawn as finely as it is shown. */
  magnification?: number
  /** MapLibre's own words, by their names. */
  words: Readonly<Record<string, string>>
  /** Something was picked, or nothing. */
  onPick: (picked: Picked | undefined) => void
  /** The pointer is on something, there in px of the element, or on nothing. */
  onPoint: (picked: Picked | undefined, at: { x: number; y: number }) => void
  onSight: (sight: Sight) => void
  /** The city's own style does not come. */
  onStyleLost: () => void
}

export interface CityMap {
  /** In place of those before; `ranks` has those that are marked, by index. */
  showDevices(places: readonly DevicePlace[], ranks: ReadonlyMap<number, MarkRank>): void
  /** Devices by index, and what is marked besides. Drawn twice a second at most, and not while the map is moved. */
  mark(ranks: ReadonlyMap<number, MarkRank>, areas: FeatureCollection): void
  /** A ring around what is chosen, and the lines that go with it. */
  choose(at: readonly [longitude: number, latitude: number] | undefined, links: FeatureCollection): void
  /** Brings a place into sight, unless it is. */
  reveal(longitude: number, latitude: number): void
  zoom(by: 1 | -1): void
  /** The whole city. */
  home(): void
  /** The theme has changed. */
  repaint(): void
  remove(): void
}

const nearPx = 6
const closeZoom = 15.5
const paddingPx = 28
/** ms between marks: each time the whole city is clustered and drawn anew. */
const markingMs = 500

/** Throws where the browser cannot draw one. */
export function createCityMap(options: CityMapOptions): CityMap {
  const {
    element,
    districts,
    attribution,
    styleUrl,
    magnification = 1,
    words,
    onPick,
    onPoint,
    onSight,
    onStyleLost,
  } = options
  const bounds = boundsOf(districts)
  let palette = readPalette()

  const map = new LibreMap({
    container: element,
    style: styleUrl ?? plainStyle(palette),
    transformStyle: (_before, next) => (styleUrl === undefined ? next : overStyle(next, palette)),
    hash: true,
    pixelRatio: devicePixelRatio * magnification,
    bounds,
    fitBoundsOptions: { padding: paddingPx },
    minZoom: 8,
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: { ...words },
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.addControl(new AttributionControl({ compact: false, customAttribution: attribution }), 'bottom-right')
  map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-left')

  // What there is to draw, for when the style has come.
  const drawn = new Map<string, GeoJSON>([
    [sources.districts, districts],
    [sources.labels, districtLabels(districts)],
  ])
  let isReady = false
  /** Its style may come when the page has left. */
  let isRemoved = false

  function draw(name: string, data: GeoJSON): void {
    drawn.set(name, data)
    if (isReady) void sourceOf(map, name).setData(data)
  }

  function addPictures(): void {
    for (const [name, picture] of drawPictures(palette)) {
      if (map.hasImage(name)) map.updateImage(name, picture)
      else map.addImage(name, picture, { pixelRatio: pictureRatio })
    }
  }

  map.on('style.load', () => {
    if (isRemoved) return
    isReady = true
    addPictures()
    for (const [name, data] of drawn) void sourceOf(map, name).setData(data)
    // What was marked since is still to be brought.
    void bringMarks()
    tellSight()
  })
  map.on('error', ({ error }) => {
    if (isRemoved) return
    if (styleUrl === undefined) return reportError(error)
    // A tile of the city's own that does not come is a hole in the map, which shows by itself.
    if (isReady) return
    // The ground of the city is there without the streets on it.
    onStyleLost()
    map.setStyle(plainStyle(palette), { diff: false, transformStyle: (_before, next) => next })
  })

  // Marks change with every fault, devices seldom: only what is marked otherwise goes to the worker, and the next
  // when it has taken the one before.
  let marked: ReadonlyMap<number, MarkRank> = new Map()
  let wanted = marked
  let areas = collect([])
  let isMarking = false

  async function bringMarks(): Promise<void> {
    if (isMarking) return
    isMarking = true
    try {
      while (isReady && !map.isMoving() && (wanted !== marked || areas !== drawn.get(sources.areas))) {
        if (areas !== drawn.get(sources.areas)) draw(sources.areas, areas)
        const changes = rankChanges(marked, wanted)
        marked = wanted
        if (changes.length > 0) {
          await sourceOf(map, sources.devices).updateData({
            update: changes.map(({ index, rank }) => ({
              id: index,
              addOrUpdateProperties: [{ key: 'rank', value: rank }],
            })),
          })
        }
        await new Promise((resolve) => setTimeout(resolve, markingMs))
      }
    } finally {
      isMarking = false
    }
  }
  map.on('moveend', () => void bringMarks())

  // What is picked.

  function featureAt({ x, y }: Point): MapGeoJSONFeature | undefined {
    const near: [[number, number], [number, number]] = [
      [x - nearPx, y - nearPx],
      [x + nearPx, y + nearPx],
    ]
    const found = map.queryRenderedFeatures(near, { layers: pickable.filter((id) => map.getLayer(id) !== undefined) })
    const uppermost = (feature: MapGeoJSONFeature) => pickable.findIndex((id) => id === feature.layer.id)
    return found.toSorted((a, b) => uppermost(a) - uppermost(b))[0]
  }

  async function openCluster(feature: MapGeoJSONFeature): Promise<void> {
    if (feature.geometry.type !== 'Point') return
    const [longitude = 0, latitude = 0] = feature.geometry.coordinates
    const zoom = await sourceOf(map, sources.devices).getClusterExpansionZoom(Number(feature.properties['cluster_id']))
    map.easeTo({ center: [longitude, latitude], zoom })
  }

  map.on('click', ({ point }) => {
    const feature = isReady ? featureAt(point) : undefined
    if (feature !== undefined && isClusterFeature(feature)) void openCluster(feature)
    else onPick(feature === undefined ? undefined : pickedOf(feature))
  })
  map.on('mousemove', ({ point }) => {
    const feature = isReady && !map.isMoving() ? featureAt(point) : undefined
    map.getCanvas().style.cursor = feature === undefined ? '' : 'pointer'
    onPoint(feature === undefined || isClusterFeature(feature) ? undefined : pickedOf(feature), point)
  })
  map.on('mouseout', ({ point }) => onPoint(undefined, point))

  function tellSight(): void {
    const sight = map.getBounds()
    onSight({ west: sight.getWest(), south: sight.getSouth(), east: sight.getEast(), north: sight.getNorth() })
  }
  map.on('moveend', tellSight)
  map.on('resize', tellSight)

  return {
    showDevices(places, ranks) {
      marked = ranks
      wanted = ranks
      draw(
        sources.devices,
        deviceFeatures(places, ({ index }) => ranks.get(index) ?? noMark),
      )
    },
    mark(ranks, areasNow) {
      wanted = ranks
      // They are few, and seldom others.
      if (JSON.stringify(areasNow) !== JSON.stringify(areas)) areas = areasNow
      void bringMarks()
    },
    choose(at, links) {
      draw(
        sources.chosen,
        collect(
          at === undefined
            ? []
            : [{ type: 'Feature', geometry: { type: 'Point', coordinates: [...at] }, properties: {} }],
        ),
      )
      draw(sources.links, links)
    },
    reveal(longitude, latitude) {
      if (map.getBounds().contains([longitude, latitude]) && map.getZoom() > closeZoom - 1.5) return
      map.easeTo({ center: [longitude, latitude], zoom: Math.max(map.getZoom(), closeZoom) })
    },
    zoom: (by) => void map.zoomTo(map.getZoom() + by),
    home: () => void map.fitBounds(bounds, { padding: paddingPx }),
    repaint() {
      palette = readPalette()
      if (!isReady) return
      addPictures()
      paint(map, palette)
    },
    remove() {
      isReady = false
      isRemoved = true
      map.remove()
    },
  }
}

function sourceOf(map: LibreMap, name: string): GeoJSONSource {
  // All sources of these names are GeoJSON (layers.ts).
  return map.getSource(name) as GeoJSONSource
}

function isClusterFeature({ properties }: MapGeoJSONFeature): boolean {
  return 'cluster_id' in properties
}

function pickedOf({ id, properties }: MapGeoJSONFeature): Picked {
  const fault: unknown = properties['fault']
  return typeof fault === 'string' ? { fault } : { device: Number(id) }
}

function paint(map: LibreMap, palette: Palette): void {
  for (const layer of plainStyle(palette).layers) {
    if (map.getLayer(layer.id) === undefined) continue
    for (const [name, value] of Object.entries(layer.paint ?? {})) {
      // The names are those of the layer's own specification.
      map.setPaintProperty(layer.id, name as PaintProperty, value)
    }
  }
}

type PaintProperty = Parameters<LibreMap['setPaintProperty']>[1]
