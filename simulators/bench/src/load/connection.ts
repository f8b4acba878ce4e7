// One device's connection on a raw socket: no client library is in the way of what is measured.
import { type Socket, connect } from 'node:net'
import { generate, parser } from 'mqtt-packet'
import type { Credentials } from '../servers/ronda.ts'

/** Sends its CONNECT as soon as the socket is open; rejects when it is refused or closed before the CONNACK. */
export function openConnection(port: number, { username, password }: Credentials): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const answers = parser({ protocolVersion: 4 })
    const onAnswer = (chunk: Buffer) => answers.parse(chunk)
    const onClose = () => reject(new Error('closed before the CONNACK'))
    socket.on('error', reject)
    socket.once('close', onClose)
    socket.on('data', onAnswer)
    answers.once('packet', (packet) => {
      socket.off('data', onAnswer)
      socket.off('close', onClose)
      if (packet.cmd === 'connack' && packet.returnCode === 0) resolve(socket)
      else reject(new Error(`refused: ${JSON.stringify(packet)}`))
    })
    const login = password === '' ? {} : { username, password: Buffer.from(password) }
    socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId: username,
        keepalive: 0,
        ...login,
      }),
    )
  })
}
