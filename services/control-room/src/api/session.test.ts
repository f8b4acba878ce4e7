import { expect, test } from 'vitest'
import { takeToken } from './session.ts'

function arrive(url: string) {
  const at = new URL(url)
  const replaced: (string | URL | null | undefined)[] = []
  const token = takeToken(at, { replaceState: (_state, _unused, to) => replaced.push(to) })
  return { token, replaced }
}

test('the token is taken out of the address, which keeps the rest', () => {
  expect(arrive('http://host:8080/?severity=critical#token=abc_-123')).toEqual({
    token: 'abc_-123',
    replaced: ['/?severity=critical'],
  })
})

test('another fragment is nobody’s token', () => {
  expect(arrive('http://host:8080/#faults')).toEqual({ token: undefined, replaced: [] })
  expect(arrive('http://host:8080/')).toEqual({ token: undefined, replaced: [] })
})
