// The detector on a thread of its own, so that neither it nor the historian ever holds up the other. This is
// the thread's side; detector-host.ts starts it.
import { parentPort, workerData } from 'node:worker_threads'
import { openDeviceDirectory } from '@ronda/backbone/device-directory'
import { openBackbone } from '@ronda/backbone/open'
import { AppError } from '@ronda/contracts/errors'
import { createClock } from '@ronda/runtime/clock'
import { createLog } from '@ronda/runtime/log'
import { runDetector } from './detector.ts'
import type { DetectorMessage, DetectorThreadData } from './detector-host.ts'

const host = parentPort
if (host === null) throw new Error('this module is the entry of a worker thread')
// Only detector-host.ts starts this thread.
const { city, clockSettings, dir, env } = workerData as DetectorThreadData
const send = (message: DetectorMessage) => host.postMessage(message)

const stop = new AbortController()
host.once('message', () => stop.abort())

const clock = createClock(clockSettings)

try {
  const backbone = openBackbone({ dir, env, now: clock.now })
  const devices = await openDeviceDirectory(backbone, { signal: stop.signal })
  await runDetector(
    {
      backbone,
      city,
      findDevice: devices.get,
      askForDevice: devices.find,
      devices: () => Array.from(devices.values(), ({ device }) => device),
      onBlocked: (failure) => send({ blocked: failure?.message }),
      log: createLog('detector', env.RONDA_LOG_LEVEL),
    },
    stop.signal,
  )
  await devices.followed
  await backbone.close()
} catch (error) {
  // A bug ends the thread as it is, with its stack.
  if (!(error instanceof AppError)) throw error
  send({ failed: { code: error.code, message: error.message } })
  // Of a thread this ends the thread alone.
  process.exit(1)
}
host.close()
