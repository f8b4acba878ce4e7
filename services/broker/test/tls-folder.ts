// A folder with the files of TLS, as `npm run certificates` writes them, for a broker in a test.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Authority,
  type CertificateRequest,
  type KeyPair,
  createAuthority,
} from '../../../infra/local/certificate-authority.ts'

export interface TlsFolder {
  authority: Authority
  /** Of the broker, now. */
  server: KeyPair
  path(name: string): string
  /** As a careful program writes: renamed over what is there. */
  write(name: string, text: string): void
  /** A certificate of this authority for a client, as TLS options. */
  client(name: string, more?: Partial<CertificateRequest>): Promise<ClientTls>
  renewServer(): Promise<KeyPair>
  revoke(...clients: ClientTls[]): Promise<void>
  /** Certificate, key, authority and list, for the environment. */
  variables: Record<'RONDA_TLS_CERT' | 'RONDA_TLS_KEY' | 'RONDA_TLS_CLIENT_CA' | 'RONDA_TLS_CRL', string>
  remove(): void
}

export interface ClientTls {
  ca: string
  cert: string
  key: string
}

export async function makeTlsFolder(): Promise<TlsFolder> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-tls-'))
  const authority = await createAuthority('Test authority')
  const path = (name: string) => join(dir, name)

  function write(name: string, text: string) {
    writeFileSync(path(`${name}.tmp`), text, { mode: 0o600 })
    renameSync(path(`${name}.tmp`), path(name))
  }

  async function renewServer() {
    const server = await authority.issue({
      purpose: 'server',
      commonNames: ['localhost'],
      hosts: ['localhost', '127.0.0.1', '::1'],
    })
    write('server.crt', server.certificate)
    write('server.key', server.key)
    return server
  }

  const folder: TlsFolder = {
    authority,
    server: await renewServer(),
    path,
    write,
    async client(name, more = {}) {
      const { certificate, key } = await authority.issue({ purpose: 'client', commonNames: [name], ...more })
      return { ca: authority.certificate, cert: certificate, key }
    },
    async renewServer() {
      folder.server = await renewServer()
      return folder.server
    },
    async revoke(...clients) {
      const revoked = clients.map(({ cert }) => ({ certificate: cert, at: new Date() }))
      write('devices.crl', await authority.revocationList(revoked))
    },
    variables: {
      RONDA_TLS_CERT: path('server.crt'),
      RONDA_TLS_KEY: path('server.key'),
      RONDA_TLS_CLIENT_CA: path('ca.crt'),
      RONDA_TLS_CRL: path('devices.crl'),
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
  write('ca.crt', authority.certificate)
  await folder.revoke()
  return folder
}
