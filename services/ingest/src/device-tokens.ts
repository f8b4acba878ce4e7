// Which device a token lets in, for HTTP: found in memory by the token's hash.
import { matchesIssued } from '@ronda/access/issued-token'
import { sha256Hex } from '@ronda/access/secrets'
import type { DeviceRow } from '@ronda/contracts/device'

export interface DeviceTokens {
  /** Has to be told of every row of the registry, and of every change with the row before. */
  learn(row: DeviceRow, before?: DeviceRow): void
  /** The device whose token this is now. */
  deviceOf(token: string): DeviceRow | undefined
}

/** `systemNow`: ms UTC by the system's clock. */
export function createDeviceTokens(systemNow: () => number): DeviceTokens {
  const rows = new Map<string, DeviceRow>()
  return {
    learn(row, before) {
      if (before !== undefined) for (const sha256 of hashesOf(before)) rows.delete(sha256)
      for (const sha256 of hashesOf(row)) rows.set(sha256, row)
    },
    deviceOf(token) {
      const row = rows.get(sha256Hex(token))
      return row === undefined || matchesIssued(row, token, systemNow()) === undefined ? undefined : row
    },
  }
}

function hashesOf({ tokenSha256, previousToken }: DeviceRow): string[] {
  return previousToken === undefined ? [tokenSha256] : [tokenSha256, previousToken.sha256]
}
