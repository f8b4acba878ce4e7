import { measurementNames } from '@ronda/contracts/measurements'
import { expect, test } from 'vitest'
import { fieldsOf } from '../query.ts'

// Columns of our own, tags of InfluxDB's, and the names that DuckDB finds whatever their case.
const taken = ['series', 'time', 'device', 'district']

test.each(measurementNames)('the fields of %s can be columns in both stores', (measurement) => {
  const names = fieldsOf(measurement).map(({ name }) => name)
  for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/)
  expect(new Set([...taken, ...names.map((name) => name.toLowerCase())]).size).toBe(taken.length + names.length)
})
