// A group: the records of one commit as one LMDB value. The header carries running totals, so a stream's
// ordinal and size follow from its first and last group, without a counter that writers would contend for.
//
//   u8 layout · u8 0 · u16 count · u16 how many are counted · u16 count of the group before ·
//   f64 appendedAt (ms UTC) · f64 ordinalBefore · f64 bytesBefore ·
//   count × (u32 length, top bit: counted · the record)
import { AppError } from '@ronda/contracts/errors'
import type { Entry } from '../backbone.ts'

const layout = 1
const headerBytes = 32
const wordBytes = 4
const countedBit = 0x8000_0000
const lengthMask = 0x7fff_ffff
const smallestBuffer = 64 * 1024

/** Positions per group: a position is `group * maxGroupRecords + index`. */
export const maxGroupRecords = 4096
/** A group ends with the record that reaches this many bytes. */
const maxGroupBytes = 1024 * 1024

export interface GroupHeader {
  count: number
  /** How many of the records are counted. */
  counted: number
  /** Of the group before, 0 for the first: tells which position was its last, also when it is gone. */
  countBefore: number
  /** ms UTC. */
  appendedAt: number
  /** Counted records before this group, since the stream was made. */
  ordinalBefore: number
  /** Bytes of all groups before this one, since the stream was made. */
  bytesBefore: number
}

export function positionOf(group: number, index: number): number {
  return group * maxGroupRecords + index
}

export function groupOf(position: number): number {
  return Math.floor(position / maxGroupRecords)
}

/**
 * A group in the making. Records are copied into place as they come, so that whatever held them is free at once:
 * what waits for the disk is one buffer, not thousands of objects for the garbage collector to carry along.
 */
export interface GroupBuilder {
  readonly count: number
  readonly counted: number
  /** Of the whole group. */
  readonly bytes: number
  readonly isFull: boolean
  add(record: Uint8Array, counted: boolean): void
  /** The group's value; it shares the builder's memory, and may be made again with another header. */
  finish(header: Omit<GroupHeader, 'count' | 'counted'>): Buffer
  /** Empty again; what `finish` returned is no longer valid. */
  reset(): void
}

export function createGroupBuilder(): GroupBuilder {
  let buffer = Buffer.allocUnsafeSlow(smallestBuffer)
  let count = 0
  let counted = 0
  let end = headerBytes

  function makeRoom(bytes: number): void {
    if (end + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, end + bytes))
    buffer.copy(larger, 0, 0, end)
    buffer = larger
  }

  return {
    get count() {
      return count
    },
    get counted() {
      return counted
    },
    get bytes() {
      return end
    },
    get isFull() {
      return count >= maxGroupRecords || end >= maxGroupBytes
    },
    add(record, isCounted) {
      makeRoom(wordBytes + record.length)
      buffer.writeUInt32LE((record.length | (isCounted ? countedBit : 0)) >>> 0, end)
      buffer.set(record, end + wordBytes)
      end += wordBytes + record.length
      count++
      if (isCounted) counted++
    },
    finish({ countBefore, appendedAt, ordinalBefore, bytesBefore }) {
      buffer.writeUInt8(layout, 0)
      buffer.writeUInt8(0, 1)
      buffer.writeUInt16LE(count, 2)
      buffer.writeUInt16LE(counted, 4)
      buffer.writeUInt16LE(countBefore, 6)
      buffer.writeDoubleLE(appendedAt, 8)
      buffer.writeDoubleLE(ordinalBefore, 16)
      buffer.writeDoubleLE(bytesBefore, 24)
      return buffer.subarray(0, end)
    },
    reset() {
      count = 0
      counted = 0
      end = headerBytes
    },
  }
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
    counted: value.readUInt16LE(4),
    countBefore: value.readUInt16LE(6),
    appendedAt: value.readDoubleLE(8),
    ordinalBefore: value.readDoubleLE(16),
    bytesBefore: value.readDoubleLE(24),
  }
}

/** The group's entries; their records share the memory of `value`, which must be the caller's own copy. */
export function decodeGroup(group: number, value: Buffer): Entry[] {
  const { count, ordinalBefore } = decodeHeader(value)
  const entries: Entry[] = []
  let ordinal = ordinalBefore
  let offset = headerBytes
  for (let index = 0; index < count; index++) {
    const word = value.readUInt32LE(offset)
    const length = word & lengthMask
    const counted = word >= countedBit
    if (counted) ordinal++
    offset += wordBytes
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
