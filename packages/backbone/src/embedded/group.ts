// A group: the records of one commit as one LMDB value. The header carries running totals, so a stream's
// ordinal and size follow from its first and last group, without a counter that writers would contend for.
//
//   u8 layout · u8 0 · u16 count · f64 appendedAt (ms UTC) · f64 ordinalBefore · f64 bytesBefore
//   count × u32 (length, top bit: counted) · the records
import { AppError } from '@ronda/contracts/errors'
import type { Entry } from '../backbone.ts'

const layout = 1
const headerBytes = 28
const countedBit = 0x8000_0000
const lengthMask = 0x7fff_ffff

/** Positions per group: a position is `group * maxGroupRecords + index`. */
export const maxGroupRecords = 4096
/** A group ends with the record that reaches this many bytes. */
export const maxGroupBytes = 1024 * 1024

export interface GroupHeader {
  count: number
  /** ms UTC. */
  appendedAt: number
  /** Counted records before this group, since the stream was made. */
  ordinalBefore: number
  /** Bytes of all groups before this one, since the stream was made. */
  bytesBefore: number
}

export interface Pending {
  record: Uint8Array
  counted: boolean
}

export function positionOf(group: number, index: number): number {
  return group * maxGroupRecords + index
}

export function groupOf(position: number): number {
  return Math.floor(position / maxGroupRecords)
}

export function encodeGroup(records: readonly Pending[], header: Omit<GroupHeader, 'count'>): Buffer {
  let bytes = headerBytes + records.length * 4
  for (const { record } of records) bytes += record.length
  const value = Buffer.allocUnsafeSlow(bytes)
  value.writeUInt8(layout, 0)
  value.writeUInt8(0, 1)
  value.writeUInt16LE(records.length, 2)
  value.writeDoubleLE(header.appendedAt, 4)
  value.writeDoubleLE(header.ordinalBefore, 12)
  value.writeDoubleLE(header.bytesBefore, 20)
  let offset = headerBytes
  for (const { record, counted } of records) {
    value.writeUInt32LE((record.length | (counted ? countedBit : 0)) >>> 0, offset)
    offset += 4
  }
  for (const { record } of records) {
    value.set(record, offset)
    offset += record.length
  }
  return value
}

export function decodeHeader(value: Buffer): GroupHeader {
  if (value.readUInt8(0) !== layout) {
    throw new AppError(
      'data_dir_newer',
      `a stream has groups of layout ${value.readUInt8(0)}, this version reads ${layout}`,
    )
  }
  return {
    count: value.readUInt16LE(2),
    appendedAt: value.readDoubleLE(4),
    ordinalBefore: value.readDoubleLE(12),
    bytesBefore: value.readDoubleLE(20),
  }
}

/** How many of the group's records are counted. */
export function countedIn(value: Buffer): number {
  const { count } = decodeHeader(value)
  let counted = 0
  for (let i = 0; i < count; i++) if (value.readUInt32LE(headerBytes + i * 4) >= countedBit) counted++
  return counted
}

/** The group's entries; their records share the memory of `value`, which must be the caller's own copy. */
export function decodeGroup(group: number, value: Buffer): Entry[] {
  const { count, ordinalBefore } = decodeHeader(value)
  const entries: Entry[] = []
  let ordinal = ordinalBefore
  let offset = headerBytes + count * 4
  for (let index = 0; index < count; index++) {
    const word = value.readUInt32LE(headerBytes + index * 4)
    const length = word & lengthMask
    const counted = word >= countedBit
    if (counted) ordinal++
    entries.push({
      position: positionOf(group, index),
      ordinal,
      counted,
      record: value.subarray(offset, offset + length),
    })
    offset += length
  }
  return entries
}
