// A change of the registry before it is committed: the device as it is to be, its row, and the record that tells of
// it. With every change a device's revision grows by one.
import { randomInt } from 'node:crypto'
import { firstIssue, nextIssue } from '@ronda/access/issued-token'
import { newToken } from '@ronda/access/secrets'
import type { Row, Write } from '@ronda/backbone/backbone'
import type { Device, DeviceRow, NewDevice } from '@ronda/contracts/device'
import type { RegistryChange } from '@ronda/contracts/record'
import type { IssuedToken } from '@ronda/contracts/token'

export interface Change {
  device: Device
  writes: readonly Write[]
  change: RegistryChange
}

export interface ChangeWithToken extends Change {
  /** Told this once. */
  token: string
}

/** A device that was not there before; whatever way it is registered, it is pending no more. */
export function registered(device: NewDevice, by: string): ChangeWithToken {
  const token = newToken()
  const made: Device = { ...device, uid: newUid(), revision: 1 }
  const { id: key } = made
  return {
    device: made,
    token,
    writes: [
      { bucket: 'devices', key, value: { ...firstIssue(token), device: made }, expectedRevision: 0 },
      { bucket: 'pending-devices', key, value: undefined },
    ],
    change: { change: 'registered', device: made, by },
  }
}

/** What a row becomes, if nobody changes it before; its tokens stay what they are unless others are issued. */
export function changed(
  { key, value, revision }: Row<DeviceRow>,
  next: Device,
  change: RegistryChange['change'],
  by: string,
  issued: IssuedToken = issuedOf(value),
): Change {
  const device = { ...next, revision: value.device.revision + 1 }
  return {
    device,
    writes: [{ bucket: 'devices', key, value: { ...issued, device }, expectedRevision: revision }],
    change: { change, device, by },
  }
}

/** The same with a new token, which the old one goes on beside for `overlapS` from `now` (ms UTC, the system's clock). */
export function reissued(
  row: Row<DeviceRow>,
  next: Device,
  by: string,
  { overlapS, now }: { overlapS: number; now: number },
): ChangeWithToken {
  const token = newToken()
  return { token, ...changed(row, next, 'updated', by, nextIssue(row.value, token, overlapS, now)) }
}

function issuedOf({ device: _device, ...issued }: DeviceRow): IssuedToken {
  return issued
}

const uidAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Ten characters, 51 bits: never the same twice. */
function newUid(): string {
  return Array.from({ length: 10 }, () => uidAlphabet[randomInt(uidAlphabet.length)]).join('')
}
