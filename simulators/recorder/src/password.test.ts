import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readLogin } from './password.ts'

function source({ isTTY = true, password }: { isTTY?: boolean; password?: string } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY })
  const said: string[] = []
  return { input, password, said, say: (text: string) => void said.push(text) }
}

test('without a user name nobody is asked', async () => {
  expect(await readLogin(undefined, source())).toBeUndefined()
})

test('the environment has it', async () => {
  expect(await readLogin('u', source({ password: 'secret' }))).toEqual({ username: 'u', password: 'secret' })
})

test('otherwise it is asked for, and not shown', async () => {
  const asked = source()
  const login = readLogin('u', asked)
  asked.input.write('secret\n')
  expect(await login).toEqual({ username: 'u', password: 'secret' })
  expect(asked.said.join('')).toBe('Password of u: \n')
})

test('where nobody can be asked, it says what to set', async () => {
  await expect(readLogin('u', source({ isTTY: false }))).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('MQTT_PASSWORD'),
  })
})
