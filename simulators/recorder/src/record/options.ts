// What the command line of a recording may say.
import { AppError } from '@ronda/contracts/errors'
import { duration, readCommandLine } from '@ronda/runtime/command-line'
import { type Broker, readBroker } from '../broker.ts'

export interface Options {
  broker: Broker
  username: string | undefined
  topics: readonly string[]
  out: string
  /** Until it is told to stop, when undefined. */
  lastsMs: number | undefined
}

export const help = `npm run record -- --broker URL --topic FILTER --out FILE [options]

Records what an MQTT broker sends to a subscriber into a compressed file, for npm run replay, until --for is over or
Ctrl-C. Whatever ends it earlier leaves a recording up to its last second. Where the connection breaks it comes back,
and the file says from when to when nothing was heard.

  --broker URL     mqtt://HOST:1883, mqtts://HOST:8883, ws://HOST:PORT/mqtt or wss://…, without credentials
  --topic FILTER   what to subscribe to, with QoS 1; more than once for several
  --out FILE       as traffic.ronda.gz; nothing is overwritten
  --for TIME       how long, as 90s, 10min or 1.5h
  --username NAME  its password is MQTT_PASSWORD of the environment, or is asked for
  --ca FILE        authorities to trust where the broker has TLS, PEM
  --help

Of Ronda itself a service principal may listen to the topics it was granted (docs/devices.md):
  npm run record -- --broker mqtt://127.0.0.1:1883 --username service:recorder \\
    --topic 'tangsel/v1/+/+/telemetry' --topic 'tangsel/v1/+/+/status' --out traffic.ronda.gz --for 10min
`

/** Undefined when help is asked for. Throws `config_invalid`. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = readCommandLine({
    args: [...args],
    options: {
      broker: { type: 'string' },
      topic: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      for: { type: 'string' },
      username: { type: 'string' },
      ca: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const broker = readBroker('broker', values.broker, values.ca)
  if (values.topic.length === 0) throw new AppError('config_invalid', "--topic: what to record, as 'tangsel/v1/#'")
  if (values.out === undefined) throw new AppError('config_invalid', '--out: the file to make, as traffic.ronda.gz')
  return {
    broker,
    username: values.username,
    topics: values.topic,
    out: values.out,
    lastsMs: values.for === undefined ? undefined : duration('for', values.for),
  }
}
