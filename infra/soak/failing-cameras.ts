// The faults of a soak: cameras that lose their picture when they are told to, one after the other, and a control room
// that listens. In the end each has to have its fault, raised once.
import { NewDevice } from '@ronda/contracts/device'
import type { Fault } from '@ronda/contracts/fault'
import { openControlRoom } from '../testing/control-room.ts'
import { type PacedLoad, type PacedLoadOptions, startPacedLoad } from '../testing/paced-load.ts'
import type { RunningSystem } from '../testing/running-system.ts'
import { until } from './until.ts'

export interface FailingCameras {
  readonly load: PacedLoad
  /** The next camera loses its picture from its next report on; undefined when all have. */
  failNext(): string | undefined
  /** Whether the control room shows that this one has no picture. */
  isShown(deviceId: string): boolean
  /** Resolves when all that lost their picture are shown, while they go on to report, or the signal aborts. */
  whenShown(signal: AbortSignal): Promise<void>
  judge(): Promise<FaultVerdict>
  close(): void
}

export interface FaultVerdict {
  expected: number
  /** Cameras without a picture and without a fault. */
  lost: string[]
  /** Cameras whose fault was raised more than once, by the API or to the control room. */
  doubled: string[]
}

const reportsPerSecond = 1

export function planCameras(count: number): NewDevice[] {
  return Array.from({ length: count }, (_, i) =>
    NewDevice.parse({
      id: `soak-camera-${i}`,
      kind: 'camera',
      name: `Soak camera ${i}`,
      latitude: -6.3,
      longitude: 106.68,
      district: 'serpong',
    }),
  )
}

export function startFailingCameras(
  system: RunningSystem,
  options: Pick<PacedLoadOptions, 'port' | 'city' | 'devices' | 'tokens'>,
): FailingCameras {
  const room = openControlRoom(system)
  /** The first report without a picture, by device. */
  const failing = new Map<string, number>()
  const load = startPacedLoad({
    ...options,
    messagesPerSecond: reportsPerSecond,
    payload: ({ id }, n) => ({ fps: 25, lastFrameAgeMs: 40, signalLoss: n >= (failing.get(id) ?? Infinity) }),
  })
  const isAbout = (fault: Fault, id: string) => fault.deviceId === id && fault.code === 'video_loss'
  const isShown = (id: string) => [...room.faults.values()].some((fault) => isAbout(fault, id))

  return {
    load,
    failNext() {
      const next = options.devices.find(({ id }) => !failing.has(id))
      if (next !== undefined) failing.set(next.id, load.sent / options.devices.length)
      return next?.id
    },
    isShown,
    async whenShown(signal) {
      await until(() => [...failing.keys()].every(isShown), signal)
    },
    async judge() {
      const ids = [...failing.keys()]
      const { faults } = await system.get<{ faults: Fault[] }>('/api/v1/faults')
      return {
        expected: ids.length,
        lost: ids.filter((id) => !isShown(id) || !faults.some((fault) => isAbout(fault, id))),
        doubled: ids.filter((id) => {
          const raised = room.events.filter(({ event, fault }) => event === 'raised' && isAbout(fault, id))
          const rows = faults.filter((fault) => isAbout(fault, id))
          return raised.length > 1 || rows.length > 1 || rows.some(({ occurrences }) => occurrences > 1)
        }),
      }
    },
    close() {
      load.close()
      room.close()
    },
  }
}
