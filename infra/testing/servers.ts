// The servers that tests need beside Ronda itself, and how to get them: through apt when that is possible,
// otherwise the tests that need them say that they are skipped.
import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Server {
  program: string
  /** Debian packages. */
  packages: readonly string[]
  why: string
  /** Files of tests that mean nothing without it. */
  tests: readonly string[]
}

const servers: readonly Server[] = [
  {
    program: 'influxd',
    packages: ['influxdb'],
    why: 'the InfluxDB adapter against a real InfluxDB',
    tests: ['packages/store/test/influx.itest.ts', 'services/ingest/test/influx.itest.ts'],
  },
  {
    program: 'influx',
    packages: ['influxdb-client'],
    why: 'kill -9 of the services with InfluxDB, read by its own client,',
    tests: [],
  },
  {
    program: 'mosquitto',
    packages: ['mosquitto'],
    why: 'recording and replay with a broker of others',
    tests: ['simulators/recorder/test/mosquitto.itest.ts'],
  },
  {
    program: 'nbdfuse',
    packages: ['libnbd-bin'],
    why: 'a disk whose syncs are slow, by `npm run soak -- slow-disk`,',
    tests: [],
  },
  {
    program: 'chromium',
    packages: ['chromium'],
    why: 'the page in a real browser',
    tests: ['services/control-room/test/*.itest.ts', 'infra/test/start.itest.ts'],
  },
]

export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

function missing(): readonly Server[] {
  return servers.filter(({ program }) => !isInstalled(program))
}

/** Files of tests that cannot run on this machine. */
export function untestable(): string[] {
  return missing().flatMap(({ tests }) => tests)
}

/** Installs what is missing where this is root on Debian; returns what is still missing, in words. */
export function installServers(say: (text: string) => void): string[] {
  const packages = missing().flatMap((server) => server.packages)
  if (packages.length > 0 && process.getuid?.() === 0 && isInstalled('apt-get')) {
    say(`Installing ${packages.join(', ')} for the tests …`)
    const options: SpawnSyncOptions = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }
    spawnSync('apt-get', ['update', '-qq'], options)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
  }
  return missing().map(
    ({ program, packages: names, why }) =>
      `${program} is not installed: ${why} is not tested (Debian: apt-get install ${names.join(' ')})`,
  )
}
