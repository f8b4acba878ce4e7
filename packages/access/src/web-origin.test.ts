import { describe, expect, test } from 'vitest'
import { createWebOrigin } from './web-origin.ts'

describe('on loopback', () => {
  const origin = createWebOrigin({ RONDA_BIND: '127.0.0.1', RONDA_PUBLIC_URL: undefined }, 8080, [8081])

  test.each([
    ['127.0.0.1:8080', true],
    ['localhost:8080', true],
    ['[::1]:8080', true],
    ['LOCALHOST:8080', true],
    ['localhost:8081', true],
    ['localhost', false],
    ['localhost:9090', false],
    ['rebound.example:8080', false],
    [undefined, false],
  ])('the host %s is served: %s', (host, served) => expect(origin.hostAllowed(host)).toBe(served))

  test.each([
    ['http://127.0.0.1:8080', true],
    ['http://localhost:8080', true],
    ['http://localhost:8081', false],
    ['https://localhost:8080', false],
    ['http://evil.example', false],
    ['null', false],
    [undefined, false],
  ])('the origin %s may use the session: %s', (from, may) => expect(origin.originAllowed(from)).toBe(may))

  test('cookies cannot be secure, links lead to the page', () => {
    expect(origin).toMatchObject({ secure: false, pageUrl: 'http://127.0.0.1:8080' })
  })
})

test('behind a proxy its address counts too, and cookies are secure', () => {
  const origin = createWebOrigin({ RONDA_BIND: '10.0.0.5', RONDA_PUBLIC_URL: 'https://ronda.example.id/' }, 8080)
  expect(origin).toMatchObject({ secure: true, pageUrl: 'https://ronda.example.id' })
  expect(origin.hostAllowed('ronda.example.id')).toBe(true)
  expect(origin.originAllowed('https://ronda.example.id')).toBe(true)
  expect(origin.originAllowed('http://ronda.example.id')).toBe(false)
})

test('on port 80 browsers leave the port out', () => {
  const origin = createWebOrigin({ RONDA_BIND: '127.0.0.1', RONDA_PUBLIC_URL: undefined }, 80)
  expect(origin.hostAllowed('localhost')).toBe(true)
  expect(origin.originAllowed('http://localhost')).toBe(true)
})

test('an IPv6 address is written in brackets', () => {
  const origin = createWebOrigin({ RONDA_BIND: 'fd00::5', RONDA_PUBLIC_URL: undefined }, 8080)
  expect(origin.pageUrl).toBe('http://[fd00::5]:8080')
  expect(origin.hostAllowed('[fd00::5]:8080')).toBe(true)
})
