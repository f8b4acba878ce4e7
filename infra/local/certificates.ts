// `npm run certificates`: an authority of one's own in the data directory, and what it issues and revokes. What is
// written here counts for a running broker within seconds.
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '@ronda/contracts/errors'
import { DeviceId } from '@ronda/contracts/topics'
import { readCommandLine } from '@ronda/runtime/command-line'
import { readEnvironment } from '@ronda/runtime/config'
import { failToStart } from '@ronda/runtime/lifecycle'
import { type Authority, type KeyPair, createAuthority, openAuthority } from './certificate-authority.ts'

const help = `npm run certificates -- COMMAND

  server [HOST…]   a certificate for the broker: localhost, 127.0.0.1, ::1 and these names and addresses
  device ID…       a certificate for each of these devices, for a year; one that it has goes on until it expires
  revoke ID…       all certificates of these devices end, and their connections too

The authority is made with the first of them, for ten years. Everything is in RONDA_DATA_DIR/certificates; the keys are
not encrypted, so an authority for a whole city belongs elsewhere.
`

const localHosts = ['localhost', '127.0.0.1', '::1']

try {
  const { values: options, positionals } = readCommandLine({
    options: { help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  })
  const [command, ...names] = positionals
  if (options.help || command === undefined) process.stdout.write(help)
  else await run(command, names)
} catch (error) {
  failToStart(error)
}

async function run(command: string, names: readonly string[]): Promise<void> {
  process.umask(0o077)
  // Alone: the rest may be waiting for what is made here.
  const { RONDA_DATA_DIR } = readEnvironment({ RONDA_DATA_DIR: process.env['RONDA_DATA_DIR'] })
  const dir = resolve(RONDA_DATA_DIR, 'certificates')
  if (command === 'server') await issueServer(dir, names)
  else if (command === 'device') await issueDevices(dir, deviceIds(names))
  else if (command === 'revoke') await revoke(dir, deviceIds(names))
  else throw new AppError('config_invalid', `there is no command ${command}; --help says what there is`)
}

function deviceIds(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new AppError('config_invalid', 'which device? give its id, or several')
  const problems = names.filter((name) => !DeviceId.safeParse(name).success).map((name) => `"${name}" is none`)
  if (problems.length > 0) throw new AppError('config_invalid', 'not every name is the id of a device', { problems })
  return names
}

async function issueServer(dir: string, hosts: readonly string[]): Promise<void> {
  const authority = await openOrMakeAuthority(dir)
  const all = [...new Set([...localHosts, ...hosts])]
  const issued = await authority.issue({ purpose: 'server', commonNames: [hosts[0] ?? 'localhost'], hosts: all })
  writePair(join(dir, 'server'), issued)
  say(`The broker's certificate is for ${all.join(', ')}. Set for the broker:

  RONDA_MQTTS_PORT=8883
  RONDA_TLS_CERT=${join(dir, 'server.crt')}
  RONDA_TLS_KEY=${join(dir, 'server.key')}
  RONDA_TLS_CLIENT_CA=${join(dir, 'ca.crt')}
  RONDA_TLS_CRL=${join(dir, 'devices.crl')}
`)
}

async function issueDevices(dir: string, ids: readonly string[]): Promise<void> {
  const authority = await openOrMakeAuthority(dir)
  for (const id of ids) {
    const issued = await authority.issue({ purpose: 'client', commonNames: [id] })
    write(join(dir, 'issued', `${id}.${new X509Certificate(issued.certificate).serialNumber}.crt`), issued.certificate)
    writePair(join(dir, 'devices', id), issued)
  }
  say(`What a device needs: ${ids.length === 1 ? '' : 'its own of '}these, and ${join(dir, 'ca.crt')} to know the broker by.

${ids.map((id) => `  ${join(dir, 'devices', `${id}.crt`)}\n  ${join(dir, 'devices', `${id}.key`)}`).join('\n')}
`)
}

async function revoke(dir: string, ids: readonly string[]): Promise<void> {
  const authority = openExisting(dir)
  const found = ids.map((id) => ({ id, files: filesOf(dir, 'issued').filter((file) => file.startsWith(`${id}.`)) }))
  const problems = found.filter(({ files }) => files.length === 0).map(({ id }) => `${id} has no certificate`)
  if (problems.length > 0) {
    throw new AppError('config_invalid', 'nothing was revoked: not every device has a certificate of this authority', {
      problems,
    })
  }
  for (const { id, files } of found) {
    // Written anew: the time of the file is that of the revocation.
    for (const file of files) {
      write(join(dir, 'revoked', file), readFileSync(join(dir, 'issued', file), 'utf8'))
      rmSync(join(dir, 'issued', file))
    }
    for (const ending of ['crt', 'key']) rmSync(join(dir, 'devices', `${id}.${ending}`), { force: true })
  }
  await writeRevocationList(dir, authority)
  say(`Revoked: ${ids.join(', ')}. The broker learns it from RONDA_TLS_CRL=${join(dir, 'devices.crl')}
`)
}

async function openOrMakeAuthority(dir: string): Promise<Authority> {
  if (existsSync(join(dir, 'ca.key'))) return openExisting(dir)
  const authority = await createAuthority('Ronda development authority')
  await writeRevocationList(dir, authority)
  writePair(join(dir, 'ca'), authority)
  return authority
}

function openExisting(dir: string): Authority {
  try {
    return openAuthority({
      certificate: readFileSync(join(dir, 'ca.crt'), 'utf8'),
      key: readFileSync(join(dir, 'ca.key'), 'utf8'),
    })
  } catch (cause) {
    throw new AppError(
      'config_invalid',
      `there is no authority in ${dir}: make one with npm run certificates -- server`,
      {
        cause,
      },
    )
  }
}

async function writeRevocationList(dir: string, authority: Authority): Promise<void> {
  const revoked = filesOf(dir, 'revoked').map((file) => {
    const path = join(dir, 'revoked', file)
    return { certificate: readFileSync(path, 'utf8'), at: statSync(path).mtime }
  })
  write(join(dir, 'devices.crl'), await authority.revocationList(revoked))
}

function filesOf(dir: string, folder: string): string[] {
  return existsSync(join(dir, folder)) ? readdirSync(join(dir, folder)) : []
}

function writePair(path: string, { certificate, key }: KeyPair): void {
  write(`${path}.crt`, certificate)
  write(`${path}.key`, key)
}

/** At once: a broker may be reading it. */
function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(`${path}.tmp`, text, { mode: 0o600 })
  renameSync(`${path}.tmp`, path)
}

function say(text: string): void {
  process.stdout.write(text)
}
