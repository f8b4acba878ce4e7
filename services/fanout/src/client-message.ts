// What clients say: one JSON message, checked as it comes in.
import { AppError } from '@ronda/contracts/errors'
import { ClientMessage, type Subscribe } from '@ronda/contracts/websocket'
import type { RawData } from 'ws'

export type ParsedMessage = { ok: true; message: Subscribe } | { ok: false; error: AppError }

export function parseClientMessage(data: RawData, isBinary: boolean): ParsedMessage {
  if (isBinary) return invalid('messages are text')
  let content: unknown
  try {
    // ws gives a whole message as one Buffer unless told otherwise.
    content = JSON.parse((data as Buffer).toString('utf8'))
  } catch {
    return invalid('the message is not JSON')
  }
  const result = ClientMessage.safeParse(content)
  if (result.success) return { ok: true, message: result.data }
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the message'}: ${message}`)
  return invalid(problems.join('; ').slice(0, 500))
}

function invalid(why: string): { ok: false; error: AppError } {
  return { ok: false, error: new AppError('message_invalid', why) }
}
