// The page's colours as the map needs them: it paints on a canvas, which knows no style sheet.
import type { Severity } from '@ronda/contracts/fault'

const variables = {
  ground: '--map-ground',
  land: '--map-land',
  boundary: '--map-boundary',
  label: '--map-label',
  device: '--map-device',
  cluster: '--map-cluster',
  clusterLine: '--map-cluster-line',
  ink: '--ink',
  quietInk: '--ink-2',
  critical: '--critical',
  major: '--major',
  minor: '--minor',
  warning: '--warning',
} as const satisfies Record<Severity, string> & Record<string, string>

export type Palette = Readonly<Record<keyof typeof variables, string>>

/** As the theme is at the moment. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const read = (name: keyof typeof variables) => style.getPropertyValue(variables[name]).trim()
  return {
    ground: read('ground'),
    land: read('land'),
    boundary: read('boundary'),
    label: read('label'),
    device: read('device'),
    cluster: read('cluster'),
    clusterLine: read('clusterLine'),
    ink: read('ink'),
    quietInk: read('quietInk'),
    critical: read('critical'),
    major: read('major'),
    minor: read('minor'),
    warning: read('warning'),
  }
}
