// Every environment variable that Ronda reads, with its default and meaning. Services parse it with
// packages/runtime/src/config.ts, which reports all problems at once; the README's table is generated from it.
import { z } from 'zod'

export interface Variable<S extends z.ZodType = z.ZodType> {
  readonly schema: S
  /** As one would write it; undefined: not set. */
  readonly default: string | undefined
  readonly meaning: string
  /** Never shown in logs or messages. */
  readonly secret?: boolean
}

function variable<S extends z.ZodType>(schema: S, fallback: string | undefined, meaning: string): Variable<S> {
  return { schema, default: fallback, meaning }
}

const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.int().min(min).max(max))

/** 0 lets the system choose, for tests. */
const port = wholeNumber(0, 65_535)
const portOrOff = z.union([z.literal('off').transform(() => undefined), port], {
  error: 'must be a port, up to 65535, or "off"',
})
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
const networks = z
  .string()
  .refine(
    (text) => text.split(',').every((each) => network.safeParse(each.trim()).success),
    'must be IP addresses or networks (10.0.0.0/8), separated by commas',
  )
  .transform((text) => text.split(',').map((each) => each.trim()))
const bindAddress = z.union([z.ipv4(), z.ipv6(), z.literal('localhost')], { error: 'must be an IP address' })
const file = z.string().min(1)
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })

export const environment = {
  RONDA_DATA_DIR: variable(
    z.string().min(1),
    './data',
    'Embedded backbone and store, and the administrator’s token file',
  ),
  RONDA_CITY: variable(z.string().min(1), 'infra/cities/tangsel', 'Folder of the city’s profile'),
  RONDA_MQTT_PORT: variable(portOrOff, '1883', 'MQTT, broker, or `off`'),
  RONDA_MQTTS_PORT: variable(portOrOff, 'off', 'MQTT over TLS, broker; usually 8883'),
  RONDA_MQTT_WS_PORT: variable(portOrOff, 'off', 'MQTT over WebSocket (`/mqtt`), broker; for behind a TLS proxy'),
  RONDA_MQTT_WSS_PORT: variable(portOrOff, 'off', 'MQTT over WebSocket with TLS (`/mqtt`), broker'),
  RONDA_MQTT_MAX_PER_ADDRESS: variable(
    wholeNumber(1, 1_000_000),
    '4096',
    'MQTT connections from one address, or one IPv6 /64; loopback and `RONDA_TRUST_PROXY` are not limited',
  ),
  RONDA_MQTT_MAX_RATE: variable(
    wholeNumber(0, 100_000),
    '100',
    'Messages a second that a device may publish in the long run, with ten seconds’ worth at once; 20 times as many for a gateway; `0` for no limit',
  ),
  RONDA_API_PORT: variable(port, '8081', 'HTTP API, ingest'),
  RONDA_PORT: variable(port, '8080', 'Control room: page, WebSocket and proxied API, fanout'),
  RONDA_BIND: variable(
    bindAddress,
    '127.0.0.1',
    'Address that all listen on; anywhere but loopback needs `RONDA_TRUST_PROXY` or `RONDA_ALLOW_PLAINTEXT=1`',
  ),
  RONDA_ALLOW_PLAINTEXT: variable(
    z.stringbool(),
    '0',
    'Accept that passwords, cookies and notices to receivers cross the network unencrypted',
  ),
  RONDA_TLS_BIND: variable(
    bindAddress.optional(),
    undefined,
    'Address of the two listeners with TLS; any will do, because they are encrypted. As `RONDA_BIND` unless set',
  ),
  RONDA_TLS_CERT: variable(
    file.optional(),
    undefined,
    'Certificate of the broker with its intermediates, PEM file. What changes in any of these files counts in seconds',
  ),
  RONDA_TLS_KEY: variable(file.optional(), undefined, 'Its private key, PEM file'),
  RONDA_TLS_CLIENT_CA: variable(
    file.optional(),
    undefined,
    'Authorities whose certificates devices may sign in with instead of a token, PEM file',
  ),
  RONDA_TLS_CRL: variable(file.optional(), undefined, 'Certificates of devices that were revoked (CRL), PEM file'),
  RONDA_PUBLIC_URL: variable(
    httpUrl.optional(),
    undefined,
    'Address under which operators reach the page, when behind a proxy',
  ),
  RONDA_MAP_STYLE_URL: variable(
    httpUrl.optional(),
    undefined,
    'Style (MapLibre) under the map’s own layers, such as streets; browsers may then fetch from its origin too',
  ),
  RONDA_TRUST_PROXY: variable(
    networks.optional(),
    undefined,
    'Addresses or networks of proxies whose `X-Forwarded-*` headers count, separated by commas',
  ),
  RONDA_STORE: variable(
    z.enum(['embedded', 'influx']),
    'embedded',
    'Where history goes: `embedded` (DuckDB) or `influx`',
  ),
  INFLUX_URL: variable(httpUrl.optional(), undefined, 'InfluxDB 1.x, 2.x or 3.x; needed when `RONDA_STORE=influx`'),
  INFLUX_TOKEN: {
    ...variable(z.string().min(1).optional(), undefined, 'Token, or `user:password` for 1.x'),
    secret: true,
  },
  INFLUX_ORG: variable(z.string().min(1).optional(), undefined, 'Organisation (2.x)'),
  INFLUX_BUCKET: variable(z.string().min(1), 'ronda', 'Bucket, or database for 1.x'),
  MQTT_PASSWORD: {
    ...variable(
      z.string().min(1).optional(),
      undefined,
      '`npm run record` and `npm run replay` only: the password of their `--username`; asked for when absent',
    ),
    secret: true,
  },
  RONDA_BACKBONE: variable(
    z.enum(['embedded'], { error: 'must be "embedded": it is the only one there is so far' }),
    'embedded',
    'What carries messages between the services: `embedded` (LMDB, one machine)',
  ),
  RONDA_LOG_MAX_MB: variable(
    wholeNumber(16, 1_000_000),
    '8192',
    'Messages waiting for the store, in MB, at which acknowledgements are withheld',
  ),
  RONDA_DISK_RESERVE_MB: variable(
    wholeNumber(0, 1_000_000),
    '256',
    'Free disk space, in MB, below which acknowledgements are withheld',
  ),
  RONDA_TIME_SCALE: variable(
    wholeNumber(1, 1_000),
    '1',
    'Simulated city only: how many times faster all stamped time runs; fixed when the data directory is made',
  ),
  RONDA_TIME_START: variable(
    z.iso
      .datetime({ offset: true })
      .transform((text) => Date.parse(text))
      .optional(),
    undefined,
    'Simulated city only: the stamped time at which a new data directory begins',
  ),
  RONDA_LOG_LEVEL: variable(z.enum(['debug', 'info', 'warn', 'error']), 'info', 'Least important log line to print'),
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof environment

/** The parsed environment. */
export type Environment = { [K in VariableName]: z.output<(typeof environment)[K]['schema']> }
