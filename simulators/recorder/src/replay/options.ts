// What the command line of a replay may say.
import { AppError } from '@ronda/contracts/errors'
import { readCommandLine } from '@ronda/runtime/command-line'
import { type Broker, readBroker } from '../broker.ts'

export interface Options {
  broker: Broker
  file: string
  /** Infinity: as fast as it is acknowledged. */
  speed: number
  isTimeShifted: boolean
  renameTopic: (topic: string) => string
  username: string | undefined
  /** File of the devices' tokens. */
  credentials: string | undefined
}

export const help = `npm run replay -- --in FILE --to URL [options]

Plays a recording of npm run record to an MQTT broker, in its order and at its pace, what was published with QoS 1 until
it is acknowledged: when the broker holds its acknowledgements back, the replay waits. In the end it says what was sent,
acknowledged and refused, and how late it was; it exits with 1 when not all was acknowledged.

  --in FILE          a recording
  --to URL           mqtt://127.0.0.1:1883, mqtts://HOST:8883, ws://HOST:PORT/mqtt or wss://…, without credentials
  --credentials FILE one connection for each device, with its token: CSV with columns id and token, as the answer of
                     POST /api/v1/devices/import, or data/simulator/credentials.csv
  --username NAME    or one connection for all; its password is MQTT_PASSWORD of the environment, or is asked for.
                     At Ronda: a gateway, for what is assigned to it
  --speed X          so many times as fast; max: as fast as it is acknowledged (1)
  --shift-time       \`ts\` and \`sentAt\` of the payloads move to now: the recording begins now, with max it ends now
  --topic-prefix A=B topics that begin with A begin with B instead, as tangsel/=serang/
  --ca FILE          authorities to trust where the broker has TLS, PEM
  --help

Into Ronda, with the simulated city's devices:
  npm run replay -- --in traffic.ronda.gz --to mqtt://127.0.0.1:1883 --credentials data/simulator/credentials.csv \\
    --shift-time
`

/** Undefined when help is asked for. Throws `config_invalid`. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = readCommandLine({
    args: [...args],
    options: {
      in: { type: 'string' },
      to: { type: 'string' },
      credentials: { type: 'string' },
      username: { type: 'string' },
      speed: { type: 'string', default: '1' },
      'shift-time': { type: 'boolean', default: false },
      'topic-prefix': { type: 'string', default: '=' },
      ca: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  if (values.in === undefined) throw new AppError('config_invalid', '--in: the recording to play')
  if (values.username !== undefined && values.credentials !== undefined) {
    throw new AppError('config_invalid', '--username and --credentials: one of them, for one connection or many')
  }
  return {
    broker: readBroker('to', values.to, values.ca),
    file: values.in,
    speed: readSpeed(values.speed),
    isTimeShifted: values['shift-time'],
    renameTopic: readRenaming(values['topic-prefix']),
    username: values.username,
    credentials: values.credentials,
  }
}

function readSpeed(text: string): number {
  if (text === 'max') return Infinity
  const speed = Number(text)
  if (speed > 0 && Number.isFinite(speed)) return speed
  throw new AppError('config_invalid', `--speed: ${text} is neither a number above 0 nor max`)
}

function readRenaming(text: string): (topic: string) => string {
  const [old, now, ...more] = text.split('=')
  if (old === undefined || now === undefined || more.length > 0) {
    throw new AppError('config_invalid', `--topic-prefix: ${text} is not OLD=NEW, as tangsel/=serang/`)
  }
  return (topic) => (topic.startsWith(old) ? now + topic.slice(old.length) : topic)
}
