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
}

const servers: readonly Server[] = [
  { program: 'influxd', packages: ['influxdb'], why: 'the InfluxDB adapter against a real InfluxDB' },
  { program: 'influx', packages: ['influxdb-client'], why: 'points asked for with InfluxDB’s own client' },
  { program: 'chromium', packages: ['chromium'], why: 'the page in a real browser' },
]

export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

function missing(): readonly Server[] {
  return servers.filter(({ program }) => !isInstalled(program))
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
