// One camera: its name and how it is, whether its picture flows and is kept, and what it counted.
import type { CameraState } from '@ronda/contracts/camera-wall'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { memo } from 'react'
import { useAge, useRoom, useText, useTimes, useWording } from '../context.tsx'
import { isOld } from '../device/freshness.ts'
import { FaultSign } from '../faults/severity-mark.tsx'
import { Link } from '../frame/link.tsx'
import { CameraChart } from './camera-chart.tsx'
import { formatRate } from './bit-rate.ts'
import type { CameraTile } from './camera-tiles.ts'
import { RecordingIcon } from './icons.tsx'

interface CameraTileProps {
  tile: CameraTile
}

export const CameraTileView = memo(function CameraTileView({ tile }: CameraTileProps) {
  const { camera, standing } = tile
  const { districtName } = useRoom()
  return (
    <Link
      className={`camera-tile camera-${standing}`}
      href={pagePathOf({ section: 'devices', id: camera.id })}
      data-camera={camera.id}
    >
      <span className="camera-name">{camera.name}</span>
      <CameraWord {...tile} />
      {camera.seenAt !== null && <Seen at={camera.seenAt} />}
      <span className="camera-line">
        <CameraHealth camera={camera} />
        <span className="camera-where">{districtName(camera.district)}</span>
      </span>
      <CameraChart camera={camera} />
      <CameraEvents lastHour={camera.lastHour} />
    </Link>
  )
})

function CameraWord({ camera, standing, mark }: CameraTile) {
  const { clock } = useRoom()
  const times = useTimes()
  const { text, preferences } = useWording()
  const { unheardSince } = camera
  if (mark !== undefined && (standing === 'faulty' || standing === 'silent')) {
    const { severity, message } = mark.fault
    return (
      <span className={`camera-word severity-${severity}`}>
        <FaultSign fault={mark.fault} />
        <span className="camera-fault">{message[preferences.language]}</span>
      </span>
    )
  }
  return (
    <span className="camera-word">
      {standing === 'unheard' && unheardSince !== undefined
        ? text.cameras.unknownSince(times.moment(unheardSince, clock.now()))
        : text.standing[standing]}
    </span>
  )
}

function CameraHealth({ camera }: { camera: CameraState }) {
  const { clock } = useRoom()
  const { text, locale } = useWording()
  const { cameras: words } = text
  const { health, seenAt, intervalS } = camera
  const number = (value: number) => value.toLocaleString(locale, { maximumFractionDigits: 0 })
  const isDated = health !== undefined && isOld({ at: health.time, now: clock.now(), intervalS })
  return (
    <span className={`camera-health${isDated ? ' camera-old' : ''}`}>
      {health === undefined && <span>{seenAt === null ? '' : words.noReading}</span>}
      {health?.bitrateKbps !== undefined && <span>{formatRate(health.bitrateKbps, locale)}</span>}
      {health?.fps !== undefined && (
        <span>
          {health.expectedFps === undefined
            ? words.framesAlone(number(health.fps))
            : words.frames(number(health.fps), number(health.expectedFps))}
        </span>
      )}
      {health !== undefined && (
        <span className={health.recording === false ? 'camera-not-recording' : ''}>
          {health.recording === true && <RecordingIcon />}
          {health.recording === undefined
            ? words.recordingUnknown
            : health.recording
              ? words.recording
              : words.notRecording}
        </span>
      )}
    </span>
  )
}

function Seen({ at }: { at: number }) {
  const times = useTimes()
  const { cameras: words } = useText()
  const age = useAge(at)
  return (
    <time className="camera-seen" dateTime={new Date(at).toISOString()} title={times.exact(at)}>
      <span className="visually-hidden">{words.heard} </span>
      {words.seen(age)}
    </time>
  )
}

/** The most frequent first. */
function CameraEvents({ lastHour: { rules, classes } }: Pick<CameraState, 'lastHour'>) {
  const text = useText()
  const { cameras: words, cameraRule, objectClass } = text
  const { locale } = useWording()
  const parts = [
    ...sorted(rules).map(([rule, count]) => [cameraRule[rule], count] as const),
    ...sorted(classes).map(([kind, count]) => [objectClass[kind], count] as const),
  ]
  if (parts.length === 0) return <span className="camera-events">{words.noEvents}</span>
  const told = (list: readonly (readonly [string, number])[]) =>
    list.map(([name, count]) => `${name} ${count.toLocaleString(locale)}`).join(' · ')
  const ruleCount = Object.keys(rules).length
  return (
    <span className="camera-events" title={words.events}>
      <span className="visually-hidden">{words.events}: </span>
      <span className="camera-rules">{told(parts.slice(0, ruleCount))}</span>
      <span className="camera-classes">{told(parts.slice(ruleCount))}</span>
    </span>
  )
}

function sorted<K extends string>(counts: Partial<Record<K, number>>): [K, number][] {
  // The keys are those of the record, whose counts are there.
  return (Object.entries(counts) as [K, number][]).toSorted(([, a], [, b]) => b - a)
}
