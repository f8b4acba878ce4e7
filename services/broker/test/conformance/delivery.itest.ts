// From the server to subscribers: QoS flows, packet ids and order. Sections 2.3.1, 4.3 and 4.6.
import { describe, expect, test } from 'vitest'
import { publish, textOf, useBroker } from './setting.ts'

const broker = useBroker()

describe('QoS 1 and 2 towards a subscriber', () => {
  test('[MQTT-4.3.2-1] QoS 1 comes with an id and without DUP, and is done with PUBACK', async () => {
    const device = await broker.device()
    const reader = await broker.subscribed(device, device.status, 1)
    const speaker = await broker.connect(device)
    speaker.send(publish(device.status, 'x', { qos: 1, messageId: 1 }))
    const { messageId = 0, dup, qos } = await reader.next('publish')
    expect({ dup, qos }).toEqual({ dup: false, qos: 1 })
    expect(messageId).toBeGreaterThan(0)
    reader.send({ cmd: 'puback', messageId })
    expect(await reader.read()).toEqual([])
  })

  test('[MQTT-4.3.3-1] QoS 2 comes with an id and without DUP; PUBREL follows PUBREC, and it is done with PUBCOMP', async () => {
    const device = await broker.device()
    const reader = await broker.subscribed(device, device.status, 2)
    const speaker = await broker.connect(device)
    speaker.send(publish(device.status, 'x', { qos: 2, messageId: 1 }))
    const { messageId = 0, dup, qos } = await reader.next('publish')
    expect({ dup, qos }).toEqual({ dup: false, qos: 2 })
    expect(messageId).toBeGreaterThan(0)
    reader.send({ cmd: 'pubrec', messageId })
    expect(await reader.next('pubrel')).toMatchObject({ messageId })
    reader.send({ cmd: 'pubcomp', messageId })
    expect(await reader.read()).toEqual([])
  })

  test.each([true, false])(
    '[MQTT-4.6.0-4] PUBRELs come in the order of the PUBRECs, clean session %s',
    async (clean) => {
      const device = await broker.device()
      const reader = await broker.subscribed(device, device.status, 2, { clean })
      const speaker = await broker.connect(device)
      for (const messageId of [1, 2, 3, 4, 5]) speaker.send(publish(device.status, 'x', { qos: 2, messageId }))
      const ids = (await reader.take('publish', 5)).map(({ messageId }) => messageId ?? 0)
      const answered = [3, 0, 4, 1, 2].map((i) => ids[i] ?? 0)
      reader.send(...answered.map((messageId) => ({ cmd: 'pubrec', messageId }) as const))
      expect((await reader.take('pubrel', 5)).map(({ messageId }) => messageId)).toEqual(answered)
    },
  )

  test.each([true, false])(
    '[MQTT-2.3.1-4] [MQTT-4.3.2-1] an id that is not acknowledged is not given to another message, clean session %s',
    async (clean) => {
      const device = await broker.device()
      const reader = await broker.subscribed(device, device.status, 1, { clean })
      const speaker = await broker.connect(device)
      speaker.send(publish(device.status, 'waits', { qos: 1, messageId: 1 }))
      await speaker.next('puback')
      const { messageId: taken } = await reader.next('publish')
      // As many as there are ids.
      for (let n = 0; n < 65_536; n += 512) {
        const ids = Array.from({ length: 512 }, (_, i) => i + 1)
        speaker.send(...ids.map((messageId) => publish(device.status, '', { qos: 1, messageId })))
        const [messages] = await Promise.all([reader.take('publish', 512), speaker.take('puback', 512)])
        for (const { messageId } of messages) expect(messageId).not.toBe(taken)
        reader.send(...messages.map(({ messageId = 0 }) => ({ cmd: 'puback', messageId }) as const))
      }
    },
  )
})

describe('order', () => {
  test('[MQTT-4.6.0-5] [MQTT-4.6.0-6] each subscriber gets the messages of a client and QoS in the order of their coming', async () => {
    const device = await broker.device()
    const readers = await Promise.all(([0, 1, 2] as const).map((qos) => broker.subscribed(device, device.status, qos)))
    const speaker = await broker.connect(device)
    const numbers = Array.from({ length: 900 }, (_, i) => i + 1)
    // In turn 0, 1 and 2; one packet id for each.
    const qosOf = (n: number) => (n % 3) as 0 | 1 | 2
    speaker.send(
      ...numbers.map((n) => publish(device.status, `${n}`, { qos: qosOf(n), ...(qosOf(n) > 0 && { messageId: n }) })),
    )
    for (const reader of readers) {
      const heard = (await reader.take('publish', numbers.length)).map((each) => Number(textOf(each)))
      for (const qos of [0, 1, 2]) {
        expect(heard.filter((n) => qosOf(n) === qos)).toEqual(numbers.filter((n) => qosOf(n) === qos))
      }
    }
  })

  test('[MQTT-4.6.0-6] a subscriber that reads nothing delays nobody', async () => {
    const device = await broker.device()
    const stuck = await broker.subscribed(device, device.status, 1)
    stuck.socket.pause()
    const reader = await broker.subscribed(device, device.status, 1)
    const speaker = await broker.connect(device)
    const payload = '.'.repeat(50_000)
    for (let n = 1; n <= 400; n++) {
      speaker.send(publish(device.status, `${n} ${payload}`, { qos: 1, messageId: n }))
      await speaker.next('puback')
      const message = await reader.next('publish')
      expect(textOf(message)).toMatch(`${n} `)
      reader.send({ cmd: 'puback', messageId: message.messageId ?? 0 })
    }
  })
})
