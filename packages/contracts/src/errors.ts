// The error catalogue: every code that Ronda answers, logs or counts. A code is never reused for something
// else. Rejected input is returned as a value with one of these codes; operational failures are thrown as
// AppError; anything else is a bug and stops the process.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

interface CatalogueEntry {
  /** HTTP status when it is the answer to a request. */
  status: number
  level: LogLevel
  /** Trying the same again later may work. */
  retryable: boolean
  title: string
}

function entry<const S extends number>(
  status: S,
  level: LogLevel,
  title: string,
  retryable = false,
): CatalogueEntry & { status: S } {
  return { status, level, retryable, title }
}

export const errorCatalogue = {
  // starting
  config_invalid: entry(500, 'error', 'The configuration is invalid'),
  city_profile_invalid: entry(500, 'error', 'The city profile is invalid'),
  port_in_use: entry(500, 'error', 'A port is in use'),
  data_dir_newer: entry(500, 'error', 'The data directory was written by a newer version'),
  data_dir_in_use: entry(500, 'error', 'The data directory is in use by another run'),
  data_dir_mismatch: entry(500, 'error', 'The data directory belongs to another city or time scale'),
  data_dir_unusable: entry(500, 'error', 'The data directory cannot be used'),

  // storage
  storage_full: entry(503, 'error', 'There is no room left to store messages', true),
  storage_failed: entry(503, 'error', 'The storage failed', true),
  position_invalid: entry(500, 'error', 'A position does not belong to this stream'),
  revision_conflict: entry(409, 'info', 'It was changed by someone else first'),
  store_unavailable: entry(503, 'warn', 'The history store cannot be reached', true),
  shutting_down: entry(503, 'info', 'The service is stopping', true),

  // HTTP
  validation_failed: entry(400, 'info', 'The request is invalid'),
  unauthenticated: entry(401, 'info', 'Sign in first'),
  sign_in_token_invalid: entry(401, 'info', 'The sign-in link is used up or too old'),
  credentials_wrong: entry(401, 'info', 'The name or the password is wrong'),
  password_wrong: entry(403, 'info', 'The present password is wrong'),
  password_refused: entry(422, 'info', 'Choose another password'),
  sign_in_limited: entry(429, 'warn', 'Too many wrong passwords: it has to wait', true),
  sign_in_busy: entry(503, 'warn', 'Too many people are signing in at this moment', true),
  account_exists: entry(409, 'info', 'An account of this name exists'),
  display_name_taken: entry(409, 'info', 'Another account is called the same'),
  last_administrator: entry(409, 'info', 'It is the only administrator who can sign in'),
  no_account: entry(409, 'info', 'This session has no account'),
  forbidden: entry(403, 'warn', 'Not allowed'),
  origin_mismatch: entry(403, 'warn', 'The request comes from another site'),
  host_not_allowed: entry(421, 'warn', 'The host name is not served here'),
  not_found: entry(404, 'info', 'There is no such thing'),
  conflict: entry(409, 'info', 'It conflicts with what is there'),
  device_exists: entry(409, 'info', 'A device of this id exists'),
  service_exists: entry(409, 'info', 'A service principal of this id exists'),
  receiver_exists: entry(409, 'info', 'A receiver of this id exists'),
  receivers_full: entry(409, 'info', 'There are as many receivers as there can be'),
  unsupported_media_type: entry(415, 'info', 'This content type is not accepted here'),
  rate_limited: entry(429, 'warn', 'Too many requests', true),
  internal: entry(500, 'error', 'Something went wrong inside'),
  unavailable: entry(503, 'warn', 'A service that is needed does not answer', true),

  // actions
  fault_not_found: entry(404, 'info', 'There is no such open fault'),
  already_acknowledged: entry(409, 'info', 'Someone has acknowledged it already'),
  already_closed: entry(409, 'info', 'It is closed already'),
  not_shelved: entry(
    409,
    'info',
    'It is not shelved by an operator; what a maintenance window holds comes when it ends',
  ),
  shelving_invalid: entry(422, 'info', 'Shelve it until a time to come, within 24 hours; supervisors within 7 days'),
  supervisor_needed: entry(
    403,
    'info',
    'Only a supervisor closes a fault that is active still, or shelves one for longer than 24 hours',
  ),
  maintenance_not_found: entry(404, 'info', 'There is no such maintenance window, or it is over'),
  maintenance_target_unknown: entry(404, 'info', 'Maintenance of a device, cabinet or district that is not there'),
  maintenance_invalid: entry(
    422,
    'info',
    'A maintenance window ends after it begins, within 30 days, and neither may be moved into the past',
  ),

  // dead letters
  payload_too_large: entry(413, 'info', 'The payload is too large'),
  payload_not_json: entry(400, 'info', 'The payload is not UTF-8 JSON'),
  payload_shape: entry(400, 'info', 'The payload is neither an object nor an array of objects'),
  too_many_objects: entry(400, 'info', 'The payload has too many objects'),
  field_invalid: entry(400, 'info', 'A field has a wrong type or an impossible value'),
  ts_implausible: entry(400, 'info', 'The time of measurement is implausible'),
  unknown_device: entry(404, 'info', 'The device is not registered'),
  device_retired: entry(409, 'info', 'The device is retired'),
  kind_mismatch: entry(409, 'info', 'The device is registered as another kind'),
  channel_undefined: entry(400, 'info', 'Devices of this kind have nothing to say on this channel'),
  point_rejected: entry(400, 'warn', 'The history store refused the point'),
  undecodable: entry(500, 'error', 'The message cannot be processed: an error in Ronda'),

  // MQTT
  mqtt_credentials_refused: entry(401, 'warn', 'Unknown device or wrong token'),
  mqtt_credentials_revoked: entry(403, 'info', 'The token that it connected with was taken away'),
  mqtt_credentials_expired: entry(403, 'info', 'What it connected with has expired'),
  mqtt_client_id_refused: entry(400, 'info', 'A session needs a client id, and none has more than 64 bytes'),
  mqtt_device_disabled: entry(403, 'warn', 'The device is disabled or retired'),
  mqtt_service_disabled: entry(403, 'warn', 'The service is disabled or expired'),
  mqtt_subscriber_slow: entry(503, 'info', 'It did not read what was sent to it'),
  mqtt_packet_too_large: entry(413, 'debug', 'The packet is too large'),
  mqtt_publish_refused: entry(403, 'warn', 'The principal may not publish on this topic'),
  mqtt_subscribe_refused: entry(403, 'info', 'The principal may not subscribe to this topic'),
  mqtt_connections_full: entry(503, 'warn', 'There are as many connections as there can be', true),
  mqtt_unauthenticated_full: entry(503, 'warn', 'Too many connections have not signed in yet', true),
  mqtt_address_full: entry(429, 'warn', 'Too many connections from one address', true),
  mqtt_credentials_backoff: entry(429, 'warn', 'Wrong credentials again and again: it has to wait', true),
  mqtt_client_id_contested: entry(409, 'warn', 'Clients take one client id from each other', true),
  mqtt_paced: entry(429, 'info', 'It publishes faster than a device may, and is held back', true),
  mqtt_inflight_exceeded: entry(429, 'warn', 'Too many QoS 2 messages wait for their PUBREL'),
  mqtt_topic_too_deep: entry(400, 'info', 'A topic has too many levels'),
  mqtt_connect_timeout: entry(408, 'debug', 'It connected and said nothing'),
  mqtt_keepalive_timeout: entry(408, 'info', 'It was silent for longer than its keepalive'),
  mqtt_protocol_violated: entry(400, 'info', 'It broke the rules of MQTT'),

  // TLS
  tls_certificate_invalid: entry(401, 'warn', 'The client certificate is not one that is trusted here'),
  tls_certificate_expired: entry(401, 'warn', 'The client certificate has expired'),
  tls_certificate_revoked: entry(401, 'warn', 'The client certificate was revoked'),
  tls_files_invalid: entry(500, 'warn', 'Changed TLS files cannot be used; the former ones go on', true),
  tls_attention: entry(500, 'warn', 'Something about the TLS files wants attention soon'),

  // webhooks
  receiver_failing: entry(503, 'warn', 'Nothing has reached a receiver of webhooks for an hour', true),
  receiver_gone: entry(410, 'warn', 'A receiver of webhooks answered that it is gone, and was disabled'),

  // recordings
  recording_invalid: entry(400, 'error', 'The file is no recording, or damaged'),

  // WebSocket
  message_invalid: entry(400, 'info', 'The message is invalid'),
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof errorCatalogue

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code)
}

export interface AppErrorOptions {
  cause?: unknown
  /** Single problems, where several are reported together. */
  problems?: readonly string[]
  /** After how many seconds it may work, where that is known. */
  retryAfterS?: number
}

/** An operational failure: expected to happen to a program without bugs. The message says what to do. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly problems: readonly string[]
  readonly retryAfterS: number | undefined

  constructor(code: ErrorCode, message: string = errorCatalogue[code].title, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.problems = options.problems ?? []
    this.retryAfterS = options.retryAfterS
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable
  }
}

/** RFC 9457, with `code` from the catalogue. */
export interface Problem {
  type: 'about:blank'
  title: string
  status: number
  code: ErrorCode
  detail: string
  problems?: readonly string[]
}
