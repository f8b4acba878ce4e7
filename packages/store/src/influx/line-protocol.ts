// Rows as lines of InfluxDB's line protocol. Every number is written as a float: one integer would fix the type of
// its field and make every later fraction a conflict. Clause by clause:
// https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
import { escape } from '@influxdata/influxdb-client'
import type { Field, Fields } from '@ronda/contracts/fields'
import { measurements } from '@ronda/contracts/measurements'
import type { Row } from '../store.ts'

/** Without the line's end; the time is in ns. Throws a plain Error for what only a bug of the caller can hand over. */
export function lineOf({ measurement, device, district, tsMs, sub, fields }: Row): string {
  const declared: Fields = measurements[measurement]
  let values = ''
  // `in` allocates nothing, other than Object.entries; fields are plain objects.
  for (const name in fields) {
    const value = fields[name]
    const field: Field | undefined = Object.hasOwn(declared, name) ? declared[name] : undefined
    if (field === undefined || typeof value !== field.type) {
      throw new Error(`${measurement} has no field ${name} that is a ${typeof value}`)
    }
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${measurement}.${name} is ${value}`)
    // Names of fields are identifiers; only text needs escaping. A line break in quotes is part of the text.
    values += `${values === '' ? '' : ','}${name}=${typeof value === 'string' ? escape.quoted(value) : String(value)}`
  }
  if (values === '') throw new Error(`a row of ${measurement} without fields`)
  // Tags in order of their names is what the server stores fastest.
  const tags = `device=${escape.tag(device)},district=${escape.tag(district)}`
  // ns are beyond 2^53, but not as text.
  return `${measurement},${tags} ${values} ${tsMs}${String(sub).padStart(6, '0')}`
}
