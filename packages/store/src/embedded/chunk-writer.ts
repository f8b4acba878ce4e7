// Fills DuckDB's column vectors from rows. It writes through the bindings beneath @duckdb/node-api: that library
// keeps a column's missing values in BigInts, which makes filling a sparse row five times as slow.
import { DuckDBDataChunk, type DuckDBType, BOOLEAN, DOUBLE, INTEGER, TIMESTAMP_NS, VARCHAR } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { Field } from '@ronda/contracts/fields'
import { storeTime } from '@ronda/contracts/identity'
import type { Row } from '../store.ts'
import type { Table } from './schema.ts'

/** The most rows of a chunk. */
export const chunkRows = duckdb.vector_size()

const types = { number: DOUBLE, boolean: BOOLEAN, string: VARCHAR } as const satisfies Record<Field['type'], DuckDBType>

/** The rows in chunks; `keys` are their series. It is one chunk, filled anew for each turn of the loop. */
export type ChunkWriter = (rows: readonly Row[], keys: readonly number[]) => Iterable<DuckDBDataChunk>

interface FieldColumn {
  type: Field['type']
  vector: duckdb.Vector
  /** Numbers, or booleans as 0 and 1; strings go into the vector at once. */
  values: Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>
  /** A bit per row: it has a value. */
  validity: Uint8Array<ArrayBuffer>
  filled: number
}

export function createChunkWriter({ measurement, columns }: Table): ChunkWriter {
  const chunk = DuckDBDataChunk.create([INTEGER, TIMESTAMP_NS, ...columns.map(({ type }) => types[type])])
  const vectorAt = (index: number) => duckdb.data_chunk_get_vector(chunk.chunk, index)
  const series = { vector: vectorAt(0), values: new Int32Array(chunkRows) }
  const time = { vector: vectorAt(1), values: new BigInt64Array(chunkRows) }
  const fields: FieldColumn[] = columns.map(({ type }, index) => ({
    type,
    vector: vectorAt(index + 2),
    values: type === 'number' ? new Float64Array(chunkRows) : new Uint8Array(chunkRows),
    validity: new Uint8Array(chunkRows / 8),
    filled: 0,
  }))
  const fieldByName = new Map(columns.map(({ name }, index) => [name, fields[index]]))

  function putFields(row: Row, at: number): void {
    const byte = at >> 3
    const bit = 1 << (at & 7)
    let empty = true
    // `in` allocates nothing, other than Object.entries; fields are plain objects.
    for (const name in row.fields) {
      const column = fieldByName.get(name)
      const value = row.fields[name]
      if (column === undefined || typeof value !== column.type) {
        throw new Error(`${measurement} has no field ${name} that is a ${typeof value}`)
      }
      if (typeof value === 'string') putString(column.vector, at, value)
      else if (!Number.isFinite(Number(value))) throw new Error(`${measurement}.${name} is ${value}`)
      else column.values[at] = Number(value)
      column.validity[byte] = (column.validity[byte] ?? 0) | bit
      column.filled++
      empty = false
    }
    if (empty) throw new Error(`a row of ${measurement} without fields`)
  }

  return function* (rows, keys) {
    for (let start = 0; start < rows.length; start += chunkRows) {
      const count = Math.min(chunkRows, rows.length - start)
      chunk.reset()
      chunk.rowCount = count
      for (const column of fields) {
        column.filled = 0
        column.validity.fill(0)
      }
      for (let at = 0; at < count; at++) {
        const row = rows[start + at]
        if (row === undefined) break
        series.values[at] = keys[start + at] ?? 0
        time.values[at] = storeTime(row.tsMs, row.sub)
        putFields(row, at)
      }
      copyValues(series.vector, series.values, count)
      copyValues(time.vector, time.values, count)
      for (const column of fields) copyColumn(column, count)
      yield chunk
    }
  }
}

function putString(vector: duckdb.Vector, at: number, value: string): void {
  // The quicker call ends a string at its first NUL.
  if (value.includes('\0')) duckdb.vector_assign_string_element_len(vector, at, Buffer.from(value))
  else duckdb.vector_assign_string_element(vector, at, value)
}

function copyColumn({ type, vector, values, validity, filled }: FieldColumn, count: number): void {
  if (filled > 0 && type !== 'string') copyValues(vector, values, count)
  if (filled === count) return
  duckdb.vector_ensure_validity_writable(vector)
  duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, validity.byteLength)
}

function copyValues(
  vector: duckdb.Vector,
  values: Int32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
  count: number,
): void {
  duckdb.copy_data_to_vector(vector, 0, values.buffer, 0, count * values.BYTES_PER_ELEMENT)
}
