// Why something could not be stored. Without zod, because the page has it too.

/** Reasons; each is also a code of the error catalogue. */
export const deadLetterCodes = [
  'payload_too_large',
  'payload_not_json',
  'payload_shape',
  'too_many_objects',
  'field_invalid',
  'ts_implausible',
  'unknown_device',
  'device_retired',
  'kind_mismatch',
  'channel_undefined',
  'point_rejected',
  'undecodable',
] as const
