import { AppError } from '@ronda/contracts/errors'
import { describe, expect, test } from 'vitest'
import { readEnvironment, unknownVariables } from './config.ts'

function problemsOf(input: Record<string, string>): readonly string[] {
  try {
    readEnvironment(input)
    return []
  } catch (error) {
    if (error instanceof AppError) return error.problems
    throw error
  }
}

describe('environment', () => {
  test('has a default for everything', () => {
    expect(readEnvironment({})).toMatchObject({
      RONDA_DATA_DIR: './data',
      RONDA_CITY: 'infra/cities/tangsel',
      RONDA_MQTT_PORT: 1883,
      RONDA_API_PORT: 8081,
      RONDA_PORT: 8080,
      RONDA_BIND: '127.0.0.1',
      RONDA_ALLOW_PLAINTEXT: false,
      RONDA_STORE: 'embedded',
      RONDA_TIME_SCALE: 1,
      RONDA_LOG_LEVEL: 'info',
    })
  })

  test('an empty value is as good as none', () => {
    expect(readEnvironment({ RONDA_PORT: '', INFLUX_URL: '' })).toMatchObject({
      RONDA_PORT: 8080,
      INFLUX_URL: undefined,
    })
  })

  test('false is false', () => {
    expect(readEnvironment({ RONDA_ALLOW_PLAINTEXT: 'false' }).RONDA_ALLOW_PLAINTEXT).toBe(false)
  })

  test('all problems come together, each with its name', () => {
    const problems = problemsOf({
      RONDA_PORT: '80 80',
      RONDA_MQTT_PORT: '70000',
      RONDA_STORE: 'mysql',
      RONDA_BACKBONE: 'nats',
      RONDA_TIME_SCALE: '-1',
      RONDA_TIME_START: 'tomorrow',
    })
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'RONDA_MQTT_PORT',
      'RONDA_PORT',
      'RONDA_STORE',
      'RONDA_BACKBONE',
      'RONDA_TIME_SCALE',
      'RONDA_TIME_START',
    ])
  })

  test('what is wrong by itself hides nothing of what does not fit together', () => {
    const problems = problemsOf({
      RONDA_PORT: 'x',
      RONDA_BIND: '0.0.0.0',
      RONDA_STORE: 'influx',
      RONDA_MQTT_PORT: '8081',
    })
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'RONDA_PORT',
      'RONDA_BIND',
      'INFLUX_URL',
      'RONDA_MQTT_PORT',
    ])
    // Whoever means to trust a proxy need not be told to.
    expect(problemsOf({ RONDA_BIND: '0.0.0.0', RONDA_TRUST_PROXY: 'proxy.local' })).toHaveLength(1)
  })

  test('a secret is not repeated', () => {
    expect(problemsOf({ INFLUX_TOKEN: 's3cret', RONDA_PORT: 'x' }).join()).not.toContain('s3cret')
  })

  test.each([
    [{ RONDA_BIND: '0.0.0.0' }, 1],
    [{ RONDA_BIND: '0.0.0.0', RONDA_ALLOW_PLAINTEXT: '1' }, 0],
    [{ RONDA_BIND: '10.0.0.5', RONDA_TRUST_PROXY: '10.0.0.1' }, 0],
    [{ RONDA_BIND: '::1' }, 0],
    [{ RONDA_TRUST_PROXY: 'proxy.local' }, 1],
    [{ RONDA_TRUST_PROXY: '10.0.0.1,' }, 1],
    [{ RONDA_TRUST_PROXY: '10.0.0.0/33' }, 1],
    [{ RONDA_TRUST_PROXY: '127.0.0.1, 10.0.0.0/8, fd00::/8, ::1' }, 0],
    [{ RONDA_PORT: '8081' }, 1],
    [{ RONDA_PORT: '1883', RONDA_API_PORT: '1883' }, 3],
    [{ RONDA_PORT: '0', RONDA_API_PORT: '0' }, 0],
    [{ RONDA_MQTT_PORT: 'off' }, 0],
    [{ RONDA_MQTT_PORT: 'none' }, 1],
    [{ RONDA_API_PORT: 'off' }, 1],
    [{ RONDA_MQTT_WS_PORT: '9001', RONDA_MQTT_WSS_PORT: 'off' }, 0],
    [{ RONDA_MQTT_WS_PORT: '1883' }, 1],
    [{ RONDA_MQTTS_PORT: '8883' }, 2],
    [{ RONDA_MQTTS_PORT: '8883', RONDA_TLS_CERT: 'a', RONDA_TLS_KEY: 'b' }, 0],
    [{ RONDA_MQTTS_PORT: '8883', RONDA_MQTT_WSS_PORT: '8084' }, 2],
    [{ RONDA_MQTT_WSS_PORT: '8084', RONDA_TLS_CERT: 'a' }, 1],
    [{ RONDA_TLS_KEY: 'b' }, 1],
    [{ RONDA_TLS_CRL: 'd' }, 1],
    [{ RONDA_TLS_CRL: 'd', RONDA_TLS_CLIENT_CA: 'c' }, 0],
    [{ RONDA_TLS_BIND: '0.0.0.0' }, 0],
    [{ RONDA_TLS_BIND: 'everywhere' }, 1],
    [{ RONDA_STORE: 'influx' }, 1],
    [{ RONDA_STORE: 'influx', INFLUX_URL: 'http://127.0.0.1:8086' }, 0],
    [{ RONDA_STORE: 'influx', INFLUX_URL: '127.0.0.1:8086' }, 1],
  ])('%j has %i problems', (input, count) => {
    expect(problemsOf(input)).toHaveLength(count)
  })

  test('names that look like ours are told', () => {
    expect(unknownVariables({ RONDA_PROT: '1', RONDA_PORT: '1', PATH: '' })).toEqual(['RONDA_PROT'])
  })
})
