// The three services and what is asked of them from outside: whether they are ready, and a link to sign in.
import { setTimeout as delay } from 'node:timers/promises'
import type { Environment } from '@ronda/contracts/environment'
import type { ServiceSpec } from './supervisor.ts'

export const services: readonly ServiceSpec[] = [
  { name: 'broker', script: 'services/broker/src/main.ts' },
  { name: 'ingest', script: 'services/ingest/src/main.ts' },
  { name: 'fanout', script: 'services/fanout/src/main.ts' },
]

export type Addresses = Pick<Environment, 'RONDA_BIND' | 'RONDA_PORT' | 'RONDA_API_PORT' | 'RONDA_MQTT_PORT'>

function host(env: Addresses): string {
  if (env.RONDA_BIND === '0.0.0.0' || env.RONDA_BIND === '::') return '127.0.0.1'
  return env.RONDA_BIND.includes(':') ? `[${env.RONDA_BIND}]` : env.RONDA_BIND
}

export function apiUrl(env: Addresses): string {
  return `http://${host(env)}:${env.RONDA_API_PORT}`
}

export function pageUrl(env: Addresses): string {
  return `http://${host(env)}:${env.RONDA_PORT}`
}

export function mqttUrl(env: Addresses): string {
  return `mqtt://${host(env)}:${env.RONDA_MQTT_PORT}`
}

/** Resolves when ingest and fanout say that everything works, or the signal aborts. */
export async function waitUntilReady(env: Addresses, signal: AbortSignal): Promise<void> {
  for (const url of [`${apiUrl(env)}/readyz`, `${pageUrl(env)}/readyz`]) {
    while (!signal.aborted && !(await answersOk(url))) await delay(100)
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

/** A one-time link to the control room, made with the local administrator's token. */
export async function makeSignInLink(env: Addresses, adminToken: string, name: string): Promise<string> {
  const response = await fetch(`${apiUrl(env)}/api/v1/sign-in-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, role: 'administrator' }),
  })
  if (!response.ok) throw new Error(`ingest refused to make a link: ${await response.text()}`)
  const { url } = (await response.json()) as { url: string }
  return url
}
