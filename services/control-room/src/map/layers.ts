// The map's own sources and layers, from the ground up; under them a city's own style where there is one.
import type { FeatureCollection } from 'geojson'
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import { kindPrefix, markPrefix } from './images.ts'
import { noMark } from './marks.ts'
import type { Palette } from './palette.ts'

export const sources = {
  districts: 'ronda-districts',
  labels: 'ronda-district-labels',
  links: 'ronda-links',
  devices: 'ronda-devices',
  areas: 'ronda-areas',
  chosen: 'ronda-chosen',
} as const

/** What can be picked, the uppermost first. */
export const pickable = ['ronda-areas', 'ronda-marked', 'ronda-cluster-marks', 'ronda-clusters', 'ronda-plain'] as const

/** Above this zoom every device stands for itself. */
const clusterMaxZoom = 14
const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }

function makeSources(): Record<string, SourceSpecification> {
  const plain: SourceSpecification = { type: 'geojson', data: empty }
  return {
    [sources.districts]: plain,
    [sources.labels]: plain,
    [sources.links]: plain,
    [sources.areas]: plain,
    [sources.chosen]: plain,
    [sources.devices]: {
      type: 'geojson',
      data: empty,
      cluster: true,
      clusterMaxZoom,
      clusterRadius: 44,
      clusterProperties: { rank: ['min', ['get', 'rank']] },
    },
  }
}

// A cluster's circle, and where on its rim the mark sits: by how many devices it stands for.
const clusterRadiusPx: ExpressionSpecification = ['step', ['get', 'point_count'], 11, 10, 13, 100, 16, 1_000, 20]
const rimOffsetPx: ExpressionSpecification = [
  'step',
  ['get', 'point_count'],
  ['literal', [8, -8]],
  10,
  ['literal', [9, -9]],
  100,
  ['literal', [11, -11]],
  1_000,
  ['literal', [14, -14]],
]

const isCluster: ExpressionSpecification = ['has', 'point_count']
const isMarked: ExpressionSpecification = ['<', ['get', 'rank'], noMark]

/** `fonts`: those of the style underneath, when it brings its own; without one the browser's are used. */
function makeLayers(palette: Palette, fonts: readonly string[]): LayerSpecification[] {
  const font = { 'text-font': [...fonts] }
  return [
    {
      id: 'ronda-land',
      type: 'fill',
      source: sources.districts,
      paint: { 'fill-color': palette.land },
    },
    {
      id: 'ronda-boundaries',
      type: 'line',
      source: sources.districts,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.boundary,
        'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.8, 14, 1.6],
      },
    },
    {
      id: 'ronda-labels',
      type: 'symbol',
      source: sources.labels,
      layout: {
        ...font,
        'text-field': ['get', 'name'],
        'text-size': ['interpolate', ['linear'], ['zoom'], 10, 12, 14, 17],
        'text-letter-spacing': 0.06,
        'text-max-width': 8,
        // Aside where clusters stand in the way.
        'text-variable-anchor': ['center', 'bottom', 'top', 'left', 'right'],
        'text-radial-offset': 1.4,
      },
      paint: { 'text-color': palette.label, 'text-halo-color': palette.land, 'text-halo-width': 1.5 },
    },
    {
      id: 'ronda-links',
      type: 'line',
      source: sources.links,
      paint: { 'line-color': palette.quietInk, 'line-width': 1, 'line-opacity': 0.7 },
    },
    {
      id: 'ronda-clusters',
      type: 'circle',
      source: sources.devices,
      filter: isCluster,
      paint: {
        'circle-color': palette.cluster,
        'circle-radius': clusterRadiusPx,
        'circle-stroke-color': palette.clusterLine,
        'circle-stroke-width': 1,
      },
    },
    {
      id: 'ronda-cluster-counts',
      type: 'symbol',
      source: sources.devices,
      filter: isCluster,
      layout: {
        ...font,
        'text-field': ['get', 'point_count_abbreviated'],
        'text-size': 11,
        'text-allow-overlap': true,
        'text-padding': 9,
      },
      paint: { 'text-color': palette.quietInk },
    },
    {
      id: 'ronda-plain',
      type: 'symbol',
      source: sources.devices,
      filter: ['all', ['!', isCluster], ['!', isMarked]],
      layout: {
        'icon-image': ['concat', kindPrefix, ['get', 'kind']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 12, 0.7, 16, 1.15],
      },
    },
    {
      id: 'ronda-cluster-marks',
      type: 'symbol',
      source: sources.devices,
      filter: ['all', isCluster, isMarked],
      layout: {
        ...font,
        'icon-image': ['concat', markPrefix, ['get', 'rank']],
        'icon-offset': rimOffsetPx,
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'symbol-sort-key': ['-', ['get', 'rank']],
      },
    },
    {
      id: 'ronda-marked',
      type: 'symbol',
      source: sources.devices,
      filter: ['all', ['!', isCluster], isMarked],
      layout: {
        'icon-image': ['concat', markPrefix, ['get', 'rank']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'symbol-sort-key': ['-', ['get', 'rank']],
      },
    },
    {
      id: 'ronda-areas',
      type: 'symbol',
      source: sources.areas,
      layout: {
        'icon-image': ['concat', markPrefix, ['get', 'rank']],
        'icon-size': 1.35,
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'symbol-sort-key': ['-', ['get', 'rank']],
      },
    },
    {
      id: 'ronda-chosen',
      type: 'circle',
      source: sources.chosen,
      paint: {
        'circle-radius': 14,
        'circle-opacity': 0,
        'circle-stroke-color': palette.ink,
        'circle-stroke-width': 2,
      },
    },
  ]
}

/** Without a style of the city's own: its districts on plain ground, and no text from elsewhere. */
export function plainStyle(palette: Palette): StyleSpecification {
  return {
    version: 8,
    sources: makeSources(),
    layers: [
      { id: 'ronda-ground', type: 'background', paint: { 'background-color': palette.ground } },
      ...makeLayers(palette, ['system-ui', 'sans-serif']),
    ],
  }
}

/** A city's own style with ours on top of it; its land is its own. */
export function overStyle(base: StyleSpecification, palette: Palette): StyleSpecification {
  const fonts = base.layers.flatMap((layer) => (layer.type === 'symbol' ? [layer.layout?.['text-font']] : []))
  const known = fonts.find((font) => Array.isArray(font) && font.every((name) => typeof name === 'string'))
  return {
    ...base,
    sources: { ...base.sources, ...makeSources() },
    layers: [
      ...base.layers,
      ...makeLayers(palette, Array.isArray(known) ? known.map(String) : ['sans-serif']).filter(
        ({ id }) => id !== 'ronda-land',
      ),
    ],
  }
}
