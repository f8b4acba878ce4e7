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
  const client = await connectAsync({
    host: '127.0.0.1',
    port: Number(port),
    username: user,
    password: token,
    clientId: user,
  })
  await client.publishAsync(formatTopic(topic), JSON.stringify(payload), { qos: 1 })
  await client.endAsync()
}
