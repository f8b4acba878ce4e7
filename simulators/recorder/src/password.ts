// The password of a user name: from the environment, or asked for; never from the command line, which others can see.
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { AppError } from '@ronda/contracts/errors'
import type { Login } from './broker.ts'

export interface PasswordSource {
  /** Of the environment. */
  password: string | undefined
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  /** Where the question is put. */
  say: (text: string) => void
}

/** Undefined without a user name. Throws `config_invalid` when there is nobody to ask. */
export async function readLogin(
  username: string | undefined,
  { password, input, say }: PasswordSource,
): Promise<Login | undefined> {
  if (username === undefined) return undefined
  if (password !== undefined) return { username, password }
  if (input.isTTY !== true) {
    throw new AppError('config_invalid', `set MQTT_PASSWORD to the password of ${username}: there is nobody to ask`)
  }
  say(`Password of ${username}: `)
  // A terminal whose echo goes nowhere.
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input, output: unseen, terminal: true })
  const typed = await prompt.question('')
  prompt.close()
  say('\n')
  return { username, password: typed }
}
