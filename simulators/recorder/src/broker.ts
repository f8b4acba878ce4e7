// The broker that is recorded or played to: what the command line says of it, and a connection to it or the reason
// why there is none, in words.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AppError } from '@ronda/contracts/errors'
import { ErrorWithReasonCode, type MqttClient, connectAsync } from 'mqtt'

export interface Broker {
  /** Without credentials. */
  url: string
  /** Authorities of a broker with TLS, PEM; those of the system when absent. */
  ca: Buffer | undefined
}

export interface Login {
  username: string
  password: string
}

const schemes = ['mqtt:', 'mqtts:', 'ws:', 'wss:']
const connectTimeoutMs = 10_000
/** CONNACK return codes 4 and 5: bad user name or password, not authorised. */
const refusals: ReadonlySet<number> = new Set([4, 5])

function ignore(): void {}

/** Throws `config_invalid`; `flag` is the option that named it. */
export function readBroker(flag: string, text: string | undefined, caFile: string | undefined): Broker {
  const url = URL.parse(text ?? '')
  if (url === null || !schemes.includes(url.protocol) || url.hostname === '') {
    throw new AppError('config_invalid', `--${flag}: name the broker, as mqtt://127.0.0.1:1883 or mqtts://HOST:8883`)
  }
  if (url.username !== '' || url.password !== '') {
    const why = 'others see the command line'
    throw new AppError('config_invalid', `--${flag}: no credentials here, ${why}: --username and MQTT_PASSWORD`)
  }
  return { url: url.href.replace(/\/$/, ''), ca: caFile === undefined ? undefined : readAuthorities(caFile) }
}

function readAuthorities(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new AppError('config_invalid', `--ca: ${file} cannot be read`, { cause })
  }
}

/**
 * Once it has answered. With `retryMs` the client comes back by itself whenever the connection breaks. Throws
 * `mqtt_credentials_refused` or `unavailable`.
 */
export async function connectTo(
  { url, ca }: Broker,
  login: Login | undefined,
  { retryMs = 0 } = {},
): Promise<MqttClient> {
  try {
    const client = await connectAsync(
      url,
      {
        ...login,
        ...(ca === undefined ? {} : { ca }),
        clientId: `ronda-${randomUUID().slice(0, 13)}`,
        clean: true,
        protocolVersion: 4,
        connectTimeout: connectTimeoutMs,
        reconnectPeriod: retryMs,
        // Who listens subscribes by itself, and looks at the answer.
        resubscribe: false,
        // One function for all: the default makes a logger for each client.
        log: ignore,
      },
      false,
    )
    // Its end is told by `close`.
    client.on('error', ignore)
    return client
  } catch (cause) {
    throw failureOf(url, login, cause)
  }
}

function failureOf(url: string, login: Login | undefined, cause: unknown): AppError {
  if (cause instanceof ErrorWithReasonCode && refusals.has(cause.code)) {
    const who = login?.username ?? 'whoever has no user name'
    return new AppError('mqtt_credentials_refused', `${url} refuses ${who}: check user name and password or token`, {
      cause,
    })
  }
  const why = cause instanceof Error ? cause.message || String(cause) : String(cause)
  const advice = 'does it run, is the address right, and has --ca its authority where it has TLS?'
  return new AppError('unavailable', `${url} cannot be reached (${why}): ${advice}`, { cause })
}
