// The tables of the history file and how an older file becomes a current one. Rows point to a series (a device in
// a district) by number: on it both writing and finding a device's rows are several times faster than on names.
// For people and exports each measurement has a view with the names in it.
import { AppError } from '@ronda/contracts/errors'
import type { Field } from '@ronda/contracts/fields'
import { type Measurement, measurementNames } from '@ronda/contracts/measurements'
import { fieldsOf } from '../query.ts'
import type { Database } from './database.ts'

/** Raised when an older program could no longer use the file. New columns do not: it leaves them empty. */
const schemaVersion = 1

const sqlTypes = { number: 'DOUBLE', boolean: 'BOOLEAN', string: 'VARCHAR' } as const satisfies Record<
  Field['type'],
  string
>

export interface Column {
  name: string
  type: Field['type']
}

export interface Table {
  measurement: Measurement
  /** Name of the table of rows; the view has the measurement's. */
  name: string
  /** After `series` and `time`, in the order of the file. */
  columns: readonly Column[]
}

export function tableNameOf(measurement: Measurement): string {
  return `${measurement}_row`
}

/** Makes or completes the tables; throws `data_dir_newer` for a file that this version does not know. */
export async function prepareSchema(db: Database): Promise<readonly Table[]> {
  const version = await readVersion(db)
  if (version > schemaVersion) {
    throw new AppError(
      'data_dir_newer',
      `the history file ${db.file} has format ${version}, this version of Ronda knows ${schemaVersion}: update Ronda`,
    )
  }
  await db.run('BEGIN')
  if (version === 0) await createTables(db)
  for (const measurement of measurementNames) await completeTable(db, measurement)
  await db.run('COMMIT')
  return Promise.all(measurementNames.map((measurement) => readTable(db, measurement)))
}

/** 0 for a new file. */
async function readVersion(db: Database): Promise<number> {
  const found = await db.run(`SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_version'`)
  if (found.length === 0) return 0
  const [row] = await db.run('SELECT max(version) AS version FROM schema_version')
  return Number(row?.version ?? 0)
}

async function createTables(db: Database): Promise<void> {
  // Positions, ordinals and counts are whole numbers up to 2^53, which a DOUBLE keeps exactly.
  await db.run(`
    CREATE TABLE schema_version (version INTEGER NOT NULL);
    INSERT INTO schema_version VALUES (${schemaVersion});
    CREATE TABLE series (key INTEGER NOT NULL, device VARCHAR NOT NULL, district VARCHAR NOT NULL);
    CREATE TABLE newest (measurement VARCHAR NOT NULL, time TIMESTAMP_NS NOT NULL);
    CREATE TABLE progress (
      consumer VARCHAR NOT NULL, epoch VARCHAR NOT NULL, position DOUBLE NOT NULL, ordinal DOUBLE NOT NULL,
      written DOUBLE NOT NULL, deadLettered DOUBLE NOT NULL,
      stored DOUBLE NOT NULL, collapsed DOUBLE NOT NULL, refused DOUBLE NOT NULL
    );
  `)
}

async function completeTable(db: Database, measurement: Measurement): Promise<void> {
  const table = tableNameOf(measurement)
  await db.run(`CREATE TABLE IF NOT EXISTS ${table} (series INTEGER, time TIMESTAMP_NS)`)
  const present = new Set((await readTable(db, measurement)).columns.map(({ name }) => name))
  const missing = fieldsOf(measurement).filter(({ name }) => !present.has(name))
  if (missing.length === 0) return
  for (const { name, field } of missing) {
    await db.run(`ALTER TABLE ${table} ADD COLUMN "${name}" ${sqlTypes[field.type]}`)
  }
  await db.run(`
    CREATE OR REPLACE VIEW ${measurement} AS
    SELECT s.device, s.district, r.* EXCLUDE (series) FROM ${table} r JOIN series s ON s.key = r.series
  `)
}

async function readTable(db: Database, measurement: Measurement): Promise<Table> {
  const name = tableNameOf(measurement)
  const rows = await db.run(
    `SELECT column_name AS name, data_type AS type FROM duckdb_columns() WHERE table_name = $1 ORDER BY column_index`,
    [name],
  )
  const declared = new Map(fieldsOf(measurement).map((each) => [each.name, each.field.type]))
  const columns = rows.slice(2).map((row) => {
    const column = String(row.name)
    const type = fieldTypeOf(String(row.type))
    if (type === undefined || (declared.get(column) ?? type) !== type) {
      throw new Error(`${measurement}.${column} is a ${String(row.type)} in ${db.file}: a field never changes its type`)
    }
    return { name: column, type }
  })
  return { measurement, name, columns }
}

function fieldTypeOf(sqlType: string): Field['type'] | undefined {
  if (sqlType === sqlTypes.number) return 'number'
  if (sqlType === sqlTypes.boolean) return 'boolean'
  return sqlType === sqlTypes.string ? 'string' : undefined
}
