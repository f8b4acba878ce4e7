// The AsyncAPI 3 description of what is not request and answer: MQTT of the devices, WebSocket of the control
// rooms. Generated into docs/api/asyncapi.json.
import { z } from 'zod'
import { CameraEvent } from './camera-event.ts'
import { deviceKinds } from './device-kinds.ts'
import { DeviceStatus } from './status.ts'
import { maxObjectsPerPayload, telemetrySchemas } from './telemetry.ts'
import type { DeviceKind } from './topics.ts'
import { ClientMessage, ServerMessage } from './websocket.ts'

interface Channel {
  address: string
  title: string
  description: string
  server: 'mqtt' | 'controlRoom'
  /** Seen from Ronda. */
  action: 'receive' | 'send'
  payload: z.ZodType
  parameters: readonly string[]
}

const oneOrMany = (schema: z.ZodType) => z.union([schema, z.array(schema).min(1).max(maxObjectsPerPayload)])

function mqttChannels(): Record<string, Channel> {
  const channels: Record<string, Channel> = {}
  const add = (
    kind: DeviceKind,
    channel: 'telemetry' | 'event' | 'status',
    description: string,
    payload: z.ZodType,
  ) => {
    channels[`${kind.replaceAll('-', '_')}_${channel}`] = {
      address: `{city}/v1/${kind}/{deviceId}/${channel}`,
      title: `${channel} of a ${kind}`,
      description,
      server: 'mqtt',
      action: 'receive',
      payload,
      parameters: ['city', 'deviceId'],
    }
  }
  for (const kind of deviceKinds) {
    add(
      kind,
      'telemetry',
      'Measurements: one object, or an array of a backlog, oldest first. QoS 1.',
      oneOrMany(telemetrySchemas[kind]),
    )
    add(kind, 'status', 'Birth and will, retained.', DeviceStatus)
  }
  add('camera', 'event', 'CCTV metadata.', oneOrMany(CameraEvent))
  return channels
}

const webSocket = {
  address: '/ws/v1',
  server: 'controlRoom',
  parameters: [],
} as const

const channels: Record<string, Channel> = {
  ...mqttChannels(),
  control_room_client: {
    ...webSocket,
    title: 'What a control room says',
    description: 'One subscription per connection; with `resume` exactly what was missed is sent again.',
    action: 'receive',
    payload: ClientMessage,
  },
  control_room_server: {
    ...webSocket,
    title: 'What a control room hears',
    description:
      'A snapshot in pages, then every event, a status every 5 s, and alarm figures every 10 s when they changed. An event is to be announced to people if and only if it is `raised` and its fault has neither `parentId` nor `shelvedUntil`: what comes off its shelf, outlives its cause or outlasts maintenance is raised once more.',
    action: 'send',
    payload: ServerMessage,
  },
}

const parameters: Record<string, { description: string }> = {
  city: { description: 'Slug of the city’s profile' },
  deviceId: { description: 'Id of the device in the registry' },
}

export function asyncApi(): Record<string, unknown> {
  const named = Object.entries(channels)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Ronda',
      version: '1',
      description: 'Street lights, cameras and public WiFi of a city: devices over MQTT, control rooms over WebSocket.',
    },
    servers: {
      mqtt: {
        host: 'localhost:1883',
        protocol: 'mqtt',
        protocolVersion: '3.1.1',
        description: 'User name: the device’s id. Password: its token.',
      },
      controlRoom: {
        host: 'localhost:8080',
        protocol: 'ws',
        description: 'The session’s cookie, or the administrator’s token as Authorization: Bearer.',
      },
    },
    channels: Object.fromEntries(
      named.map(([name, { address, title, description, server, payload, action, parameters: names }]) => [
        name,
        {
          address,
          title,
          description,
          servers: [{ $ref: `#/servers/${server}` }],
          parameters: Object.fromEntries(names.map((each) => [each, parameters[each]])),
          messages: {
            message: {
              contentType: 'application/json',
              payload: z.toJSONSchema(payload, {
                io: action === 'receive' ? 'input' : 'output',
                unrepresentable: 'any',
              }),
            },
          },
        },
      ]),
    ),
    operations: Object.fromEntries(
      named.map(([name, { action }]) => [
        name,
        {
          action,
          channel: { $ref: `#/channels/${name}` },
          messages: [{ $ref: `#/channels/${name}/messages/message` }],
        },
      ]),
    ),
  }
}
