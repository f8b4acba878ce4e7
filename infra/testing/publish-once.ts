// One message of a device over MQTT, for tests: connects, publishes, and resolves when the broker has acknowledged it.
import type { Environment } from '@ronda/contracts/environment'
import { type Topic, formatTopic } from '@ronda/contracts/topics'
import { connectAsync } from 'mqtt'

export interface Publisher {
  user: string
  token: string
}

export async function publishOnce(
  { RONDA_MQTT_PORT: port }: Pick<Environment, 'RONDA_MQTT_PORT'>,
  { user, token }: Publisher,
  topic: Topic,
  payload: unknown,
): Promise<void> {
  const options = { username: user, password: token, clientId: user, reconnectPeriod: 0 }
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options, false)
  try {
    await client.publishAsync(formatTopic(topic), JSON.stringify(payload), { qos: 1 })
  } finally {
    await client.endAsync()
  }
}
