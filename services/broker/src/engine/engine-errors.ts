// Why Aedes, its parser or a stream ended a connection. They tell their errors apart by their words alone, so this
// is the one place where words become codes; the tests of this service fail when a word changes.
import { AppError, type ErrorCode } from '@ronda/contracts/errors'

const codes: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^topic has too many levels$/, 'mqtt_topic_too_deep'],
  [/ in PUBLISH$/, 'mqtt_publish_refused'],
  [/^connect did not arrive in time$/, 'mqtt_connect_timeout'],
  [/^keep alive timeout$/, 'mqtt_keepalive_timeout'],
  [/^drain timeout$/, 'mqtt_subscriber_slow'],
]

/** undefined when nothing was refused: the peer or the network ended it, or it was told where it was thrown. */
export function refusalBehind(error: Error): ErrorCode | undefined {
  if (error instanceof AppError) return undefined
  if ('code' in error) return error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'mqtt_packet_too_large' : undefined
  return codes.find(([words]) => words.test(error.message))?.[1] ?? 'mqtt_protocol_violated'
}
