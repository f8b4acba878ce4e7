// Where the broker may listen: the one table of its listeners, for the broker, for who checks the ports, and for who
// tells people the addresses.
import type { Environment } from './environment.ts'

/** Of MQTT over WebSocket. */
export const webSocketPath = '/mqtt'

/** Each is off while its variable has no port. Those with TLS listen on `RONDA_TLS_BIND`, if that is set. */
export const mqttListeners = [
  { scheme: 'mqtt', variable: 'RONDA_MQTT_PORT', isSecure: false, path: '' },
  { scheme: 'mqtts', variable: 'RONDA_MQTTS_PORT', isSecure: true, path: '' },
  { scheme: 'ws', variable: 'RONDA_MQTT_WS_PORT', isSecure: false, path: webSocketPath },
  { scheme: 'wss', variable: 'RONDA_MQTT_WSS_PORT', isSecure: true, path: webSocketPath },
] as const

export type MqttListener = (typeof mqttListeners)[number]

export type MqttAddresses = Pick<Environment, 'RONDA_BIND' | 'RONDA_TLS_BIND' | MqttListener['variable']>
