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
  const statements = [...(version === 0 ? newFileSql : []), ...completingSql(await readColumns(db))]
  if (statements.length > 0) await db.run(['BEGIN', ...statements, 'COMMIT'].join(';\n'))
  // The writer's own, for times that are looked up together.
  await db.run('CREATE TEMP TABLE candidate (n INTEGER, series INTEGER, ns BIGINT)')

  const columns = await readColumns(db)
  return measurementNames.map((measurement) => {
    const name = tableNameOf(measurement)
    return { measurement, name, columns: fieldColumns(db, measurement, columns.get(name) ?? []) }
  })
}

/** 0 for a new file. */
async function readVersion(db: Database): Promise<number> {
  const found = await db.run(`SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_version'`)
  if (found.length === 0) return 0
  const [row] = await db.run('SELECT max(version) AS version FROM schema_version')
  return Number(row?.version ?? 0)
}

interface FileColumn {
  name: string
  sqlType: string
}

/** The columns of every table, in the order of the file. */
async function readColumns(db: Database): Promise<Map<string, FileColumn[]>> {
  const tables = new Map<string, FileColumn[]>()
  const rows = await db.run(
    'SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index',
  )
  for (const { table_name: table, column_name: name, data_type: sqlType } of rows) {
    const columns = tables.get(String(table)) ?? []
    columns.push({ name: String(name), sqlType: String(sqlType) })
    tables.set(String(table), columns)
  }
  return tables
}

// Positions, ordinals and counts are whole numbers up to 2^53, which a DOUBLE keeps exactly.
const newFileSql = [
  'CREATE TABLE schema_version (version INTEGER NOT NULL)',
  `INSERT INTO schema_version VALUES (${schemaVersion})`,
  'CREATE TABLE series (key INTEGER NOT NULL, device VARCHAR NOT NULL, district VARCHAR NOT NULL)',
  // Roughly the newest time of each measurement: where to look for marks when the file is opened.
  'CREATE TABLE newest (measurement VARCHAR NOT NULL, tsMs DOUBLE NOT NULL)',
  `CREATE TABLE progress (
    consumer VARCHAR NOT NULL, commitId VARCHAR NOT NULL,
    epoch VARCHAR NOT NULL, position DOUBLE NOT NULL, ordinal DOUBLE NOT NULL,
    written DOUBLE NOT NULL, deadLettered DOUBLE NOT NULL,
    stored DOUBLE NOT NULL, collapsed DOUBLE NOT NULL, refused DOUBLE NOT NULL
  )`,
]

/** What makes the tables have all declared columns, and the views show them. */
function completingSql(present: ReadonlyMap<string, readonly FileColumn[]>): string[] {
  // Up to when the rows of a measurement are in the order of their devices.
  const clustered = 'CREATE TABLE clustered (measurement VARCHAR NOT NULL, untilMs DOUBLE NOT NULL)'
  const measurements = measurementNames.flatMap((measurement) => {
    const table = tableNameOf(measurement)
    const columns = present.get(table)
    const missing = fieldsOf(measurement)
      .filter(({ name }) => columns?.some((column) => column.name === name) !== true)
      .map(({ name, field }) => `"${name}" ${sqlTypes[field.type]}`)
    if (missing.length === 0) return []
    return [
      ...(columns === undefined
        ? [`CREATE TABLE ${table} (series INTEGER, time TIMESTAMP_NS, ${missing.join()})`]
        : missing.map((column) => `ALTER TABLE ${table} ADD COLUMN ${column}`)),
      `CREATE OR REPLACE VIEW ${measurement} AS
       SELECT s.device, s.district, r.* EXCLUDE (series) FROM ${table} r JOIN series s ON s.key = r.series`,
    ]
  })
  return present.has('clustered') ? measurements : [clustered, ...measurements]
}

function fieldColumns(db: Database, measurement: Measurement, columns: readonly FileColumn[]): Column[] {
  const declared = new Map(fieldsOf(measurement).map(({ name, field }) => [name, field.type]))
  return columns.slice(2).map(({ name, sqlType }) => {
    const type = fieldTypeOf(sqlType)
    if (type === undefined || (declared.get(name) ?? type) !== type) {
      throw new Error(`${measurement}.${name} is a ${sqlType} in ${db.file}: a field never changes its type`)
    }
    return { name, type }
  })
}

function fieldTypeOf(sqlType: string): Field['type'] | undefined {
  if (sqlType === sqlTypes.number) return 'number'
  if (sqlType === sqlTypes.boolean) return 'boolean'
  return sqlType === sqlTypes.string ? 'string' : undefined
}
