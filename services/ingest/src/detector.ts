// The detector: from the log into the fault engine, and what comes of it to everyone else. Fault events, what alarm
// figures are counted from, fault rows, maintenance windows, device status, verdicts, the engine's state and the cursor
// are one commit, so that a restart goes on exactly where it was.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Backbone, type Checkpoint, type Entry, type Write, openConsumer } from '@ronda/backbone/backbone'
import { decodeJson, decodeRecord, encodeJson } from '@ronda/backbone/record-codec'
import type { OperatorAction } from '@ronda/contracts/action'
import type { Device } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import { type FaultEvent, type FaultRow, type SourcePosition, isNews } from '@ronda/contracts/fault'
import type { Heartbeat, LogRecord, RegistryChange } from '@ronda/contracts/record'
import type { Effects, Engine, EngineCity, Input } from '@ronda/faults/engine'
import { noteOf } from '@ronda/faults/alarm-notes'
import { registryRows } from '@ronda/faults/device-row'
import { createEngine } from '@ronda/faults/engine'
import type { Logger } from '@ronda/runtime/log'
import { type AskForDevice, type FindDevice, decodeMessage } from './decode.ts'
import { archiveKey } from './fault-archive.ts'
import { retrying } from './retrying.ts'

const consumer = 'detector'
const batchLimit = { records: 5_000, bytes: 4e6 }
/** Records decided before what they brought is told. */
const sliceRecords = 500
/** Without news, state and cursor are kept this often... */
const checkpointMs = 500
/** ...or when so many rows have changed: news does not wait for more of them, nor does who else is to write. */
const checkpointRows = 5_000

export interface DetectorDeps {
  backbone: Backbone
  city: EngineCity
  findDevice: FindDevice
  askForDevice: AskForDevice
  /** The registry, for a detector that starts without a state of its own. */
  devices: () => Iterable<RegistryChange['device']>
  onBlocked: (failure: AppError | undefined) => void
  log: Logger
}

/**
 * Follows the log until the signal aborts; rejects on a bug, a position that is not of this log, or a record that a
 * newer version wrote.
 */
export async function runDetector(deps: DetectorDeps, signal: AbortSignal): Promise<void> {
  const { backbone, log } = deps
  const stream = backbone.stream('log')
  const checkpoint = await openConsumer(backbone, 'log', consumer)
  const engine = await restoreEngine(deps, checkpoint)
  const said = await lastSaid(backbone)
  let committedAt = performance.now()
  /** The newest that the engine has seen and no commit holds. */
  let decided: Entry | undefined
  log.info({ position: checkpoint.position, ordinal: checkpoint.ordinal }, 'the detector goes on')

  async function commit(): Promise<void> {
    if (decided === undefined) return
    const { position, ordinal } = decided
    const changes = changesOf(engine.takeEffects(), said)
    const status = { logTime: engine.logTime, blind: engine.blind.map((each) => ({ ...each })) }
    await retrying(
      () =>
        backbone.commit({
          ...changes,
          writes: [...changes.writes, { bucket: 'system', key: 'detector', value: status }],
          checkpoint: { consumer, stream: 'log', epoch: stream.epoch, position, ordinal },
          // This thread reads nothing but the registry.
          inTurns: true,
        }),
      {
        signal,
        onChange(failure) {
          deps.onBlocked(failure)
          if (failure === undefined) log.info('faults are written again')
          else log.warn({ err: failure, code: failure.code }, 'faults wait')
        },
      },
    )
    committedAt = performance.now()
    decided = undefined
  }

  for await (const entries of stream.follow(checkpoint.position, batchLimit, signal, checkpointMs)) {
    // Nothing more comes, perhaps because the log is full: what is decided must be kept, or it cannot be trimmed.
    if (entries.length === 0) await commit()
    for (const [index, entry] of entries.entries()) {
      const read = tryInput(entry, deps)
      const input = read?.type === 'unknown-device' ? await askAndRead(read, entry, deps) : read
      if (input !== undefined) engine.step(input)
      decided = entry
      const endOfSlice = index === entries.length - 1 || index % sliceRecords === sliceRecords - 1
      if (!endOfSlice) continue
      await nextTurn()
      const isDue = engine.changedRows >= checkpointRows || performance.now() - committedAt >= checkpointMs
      if (engine.hasNews || isDue) await commit()
      if (signal.aborted) return
    }
  }
}

async function restoreEngine(
  { backbone, city, findDevice, devices }: DetectorDeps,
  checkpoint: Checkpoint,
): Promise<Engine> {
  const rows = await backbone.bucket('detector-state').list()
  const state = rows.map(({ key, value }) => {
    // What the engine writes under these keys are devices.
    return { key, value: key.startsWith(registryRows) ? onceInMemory(value as Device, findDevice) : value }
  })
  const faults = await backbone.bucket('faults').list()
  const engine = createEngine({
    city,
    epoch: checkpoint.epoch,
    restore: { state, faults: faults.map(({ value }) => value) },
  })
  if (state.length === 0) {
    for (const device of devices()) {
      engine.step({ type: 'registry', position: 0, receivedAt: 0, change: { change: 'registered', device, by: '' } })
    }
  }
  return engine
}

/** The newest event that was told: after a crash it may be ahead of the cursor. */
async function lastSaid(backbone: Backbone): Promise<SourcePosition | undefined> {
  const [entry] = await backbone.stream('faults').readLast(1)
  if (entry === undefined) return undefined
  // The stream's only writer is the detector.
  return (decodeJson(entry.record) as FaultEvent).source
}

function changesOf(effects: Effects, said: SourcePosition | undefined) {
  const events = effects.events.filter(({ source }) => isNews(said, source))
  const writes: Write[] = []
  // Before the rows: one that was opened again may be closed again.
  for (const [id, closedAt] of effects.reopened) {
    writes.push({ bucket: 'fault-archive', key: archiveKey(closedAt, id), value: undefined })
  }
  for (const row of effects.faults.values()) writes.push(...faultWrites(row))
  for (const [key, value] of effects.statuses) writes.push({ bucket: 'status', key, value })
  for (const verdict of effects.verdicts) writes.push({ bucket: 'verdicts', key: verdict.actionId, value: verdict })
  for (const [key, value] of effects.windows) writes.push({ bucket: 'maintenance', key, value })
  for (const { key, value } of effects.state) writes.push({ bucket: 'detector-state', key, value })
  return {
    appends: [
      { stream: 'faults', records: events.map(encodeJson) },
      {
        stream: 'alarms',
        records: events.flatMap((event) => noteOf(event) ?? []).map(encodeJson),
      },
    ] as const,
    writes,
  }
}

/** An open fault is a row of `faults`; a closed one moves to the archive. */
function faultWrites(row: FaultRow): Write[] {
  const { id, closedAt } = row.fault
  if (closedAt === undefined) return [{ bucket: 'faults', key: id, value: row }]
  return [
    { bucket: 'faults', key: id, value: undefined },
    { bucket: 'fault-archive', key: archiveKey(closedAt, id), value: row },
  ]
}

/** What a message comes to whose device is not found. */
interface UnknownDevice {
  type: 'unknown-device'
  deviceId: string
}

async function askAndRead({ deviceId }: UnknownDevice, entry: Entry, deps: DetectorDeps): Promise<Input | undefined> {
  await deps.askForDevice(deviceId)
  const again = tryInput(entry, deps)
  return again?.type === 'unknown-device' ? undefined : again
}

/**
 * Undefined where the engine has nothing to hear, or the record cannot be processed: every start would end here. Throws
 * `data_dir_newer`: the version that wrote the record can decide on it.
 */
function tryInput({ record, position }: Entry, deps: DetectorDeps): Input | UnknownDevice | undefined {
  try {
    return readInput(decodeRecord(record), position, deps.findDevice)
  } catch (err) {
    if (err instanceof AppError && err.code === 'data_dir_newer') throw err
    deps.log.error({ err, code: 'undecodable', position }, 'a record cannot be processed and is skipped')
    return undefined
  }
}

export function readInput(
  record: LogRecord,
  position: number,
  findDevice: FindDevice,
): Input | UnknownDevice | undefined {
  const { receivedAt, source, session } = record
  // The payloads of these three types are written by Ronda itself.
  switch (record.type) {
    case 'heartbeat': {
      const { accepting, listeningSince } = decodeJson(record.payload) as Heartbeat
      const since = listeningSince === undefined ? {} : { listeningSince }
      return { type: 'heartbeat', position, receivedAt, source, accepting, ...since }
    }
    case 'action':
      return { type: 'action', position, receivedAt, action: decodeJson(record.payload) as OperatorAction }
    case 'registry': {
      const change = decodeJson(record.payload) as RegistryChange
      const device = onceInMemory(change.device, findDevice)
      return { type: 'registry', position, receivedAt, change: { ...change, device } }
    }
    case 'config':
      return undefined
    case 'telemetry':
    case 'status':
      break
  }
  // What is sent again is of another day: it is for history, and says nothing of how its device is.
  if (record.replayOf !== undefined) return undefined
  const decoded = decodeMessage(record, findDevice)
  const at = { position, receivedAt, source, session, retain: record.retain }
  if (decoded.kind === 'status') {
    const { device, online } = decoded
    return { ...at, type: 'status', deviceId: device.id, will: record.will, topic: record.topic, online }
  }
  if (decoded.kind === 'refused' && decoded.code === 'unknown_device') {
    return { type: 'unknown-device', deviceId: decoded.deviceId }
  }
  if (decoded.device === undefined || decoded.device.retiredAt !== undefined || record.will) return undefined
  // Rubbish and camera metadata still say that the device lives.
  const objects = decoded.kind === 'readings' && decoded.channel === 'telemetry' ? decoded.objects : []
  return { ...at, type: 'telemetry', deviceId: decoded.device.id, objects }
}

/** The registry's own where that is of the same revision: the engine and this thread's registry have them in common. */
function onceInMemory(device: Device, findDevice: FindDevice): Device {
  const known = findDevice(device.id)?.device
  return known?.uid === device.uid && known.revision === device.revision ? known : device
}
