// Every public schema by its document name, for `npm run generate`, which writes docs/schemas/*.json.
import { z } from 'zod'
import { Verdict, faultActionNames, faultActions } from './action.ts'
import { AlarmMetrics } from './alarm-metrics.ts'
import { CameraEvent } from './camera-event.ts'
import { CityProfile } from './city.ts'
import { DeadLetter, DeadLetterSummary, ReplayResult } from './dead-letter.ts'
import { Device, DevicePatch, NewDevice } from './device.ts'
import { ImportPreview } from './device-import.ts'
import { deviceKinds } from './device-kinds.ts'
import { Fault, TrailEntry } from './fault.ts'
import { Ledger } from './ledger.ts'
import { MaintenanceChange, MaintenanceEnd, MaintenanceWindow, NewMaintenance } from './maintenance.ts'
import { WebhookBody } from './receiver.ts'
import { DeviceStatus } from './status.ts'
import { SystemState } from './system.ts'
import { telemetrySchemas } from './telemetry.ts'
import { ClientMessage, ServerMessage } from './websocket.ts'

const documents: Record<string, { schema: z.ZodType; io: 'input' | 'output' }> = {
  ...Object.fromEntries(
    deviceKinds.map((kind) => [`telemetry-${kind}`, { schema: telemetrySchemas[kind], io: 'input' as const }]),
  ),
  'event-camera': { schema: CameraEvent, io: 'input' },
  status: { schema: DeviceStatus, io: 'input' },
  'new-device': { schema: NewDevice, io: 'input' },
  'device-patch': { schema: DevicePatch, io: 'input' },
  device: { schema: Device, io: 'output' },
  'import-preview': { schema: ImportPreview, io: 'output' },
  fault: { schema: Fault, io: 'output' },
  'trail-entry': { schema: TrailEntry, io: 'output' },
  ...Object.fromEntries(
    faultActionNames.map((name) => [`action-${name}`, { schema: faultActions[name], io: 'input' as const }]),
  ),
  verdict: { schema: Verdict, io: 'output' },
  'new-maintenance': { schema: NewMaintenance, io: 'input' },
  'maintenance-change': { schema: MaintenanceChange, io: 'input' },
  'maintenance-end': { schema: MaintenanceEnd, io: 'input' },
  'maintenance-window': { schema: MaintenanceWindow, io: 'output' },
  'alarm-metrics': { schema: AlarmMetrics, io: 'output' },
  ledger: { schema: Ledger, io: 'output' },
  'dead-letter': { schema: DeadLetter, io: 'output' },
  'dead-letter-summary': { schema: DeadLetterSummary, io: 'output' },
  'replay-result': { schema: ReplayResult, io: 'output' },
  'system-state': { schema: SystemState, io: 'output' },
  'city-profile': { schema: CityProfile, io: 'input' },
  webhook: { schema: WebhookBody, io: 'output' },
  'websocket-client': { schema: ClientMessage, io: 'input' },
  'websocket-server': { schema: ServerMessage, io: 'output' },
}

/** JSON Schema (2020-12) documents by name. */
export function jsonSchemas(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(documents).map(([name, { schema, io }]) => [
      name,
      z.toJSONSchema(schema, { io, unrepresentable: 'any' }),
    ]),
  )
}
