// The TLS of the listeners: its files as they are now, and what they make of a client's certificate. Files that
// change count within seconds; when the new ones cannot be used the former go on, and that is told once.
import type { TLSSocket, TlsOptions } from 'node:tls'
import { AppError } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import { type Verdict, verdictOn } from './client-certificate.ts'
import { watchFiles } from './file-watch.ts'
import { type TlsFiles, type TlsFilesEnvironment, readTlsFiles } from './tls-files.ts'

export interface TlsDeps {
  env: TlsFilesEnvironment
  log: Logger
  /** ms UTC. */
  now: () => number
  pollMs: number
  /** For the servers; connections that are there go on with what they began with. */
  onChange: (options: TlsOptions) => void
  /** At every poll, after the change that it may have found. */
  onPoll: () => void
}

export interface Tls {
  /** Reads the files, then follows them. Throws `config_invalid` with every problem. */
  start(): Promise<TlsOptions>
  stop(): Promise<void>
  verdictOn(socket: TLSSocket): Verdict
}

const handshakeTimeoutMs = 10_000

export function createTls({ env, log, now, pollMs, onChange, onPoll }: TlsDeps): Tls {
  const stopped = new AbortController()
  const told = new Set<string>()
  let files: TlsFiles | undefined
  let following: Promise<void> = Promise.resolve()
  let failure: string | undefined

  function optionsOf({ context }: TlsFiles): TlsOptions {
    return {
      ...context,
      handshakeTimeout: handshakeTimeoutMs,
      requestCert: context.ca !== undefined,
      // Whoever shows a certificate that does not hold is refused by its verdict.
      rejectUnauthorized: false,
    }
  }

  async function reload(): Promise<boolean> {
    try {
      files = await readTlsFiles(env)
    } catch (err) {
      const problems = err instanceof AppError ? err.problems : []
      const why = err instanceof AppError ? problems.join() : String(err)
      if (why !== failure) {
        log.warn({ code: 'tls_files_invalid', err, problems }, 'changed TLS files cannot be used: the former go on')
      }
      failure = why
      return false
    }
    failure = undefined
    onChange(optionsOf(files))
    log.info('changed TLS files are in use')
    return true
  }

  function tellAttention({ attentionAt }: TlsFiles): void {
    const wanted = attentionAt(now())
    for (const what of wanted) {
      if (!told.has(what)) log.warn({ code: 'tls_attention', what }, 'the TLS files want attention')
      told.add(what)
    }
    // What was mended and comes again is told again.
    for (const what of told) if (!wanted.includes(what)) told.delete(what)
  }

  return {
    async start() {
      const paths = [env.RONDA_TLS_CERT, env.RONDA_TLS_KEY, env.RONDA_TLS_CLIENT_CA, env.RONDA_TLS_CRL]
      const follow = await watchFiles({
        paths: paths.filter((path) => path !== undefined),
        pollMs,
        signal: stopped.signal,
        onChange: reload,
        onPoll() {
          if (files !== undefined) tellAttention(files)
          onPoll()
        },
      })
      files = await readTlsFiles(env)
      tellAttention(files)
      following = follow()
      return optionsOf(files)
    },
    async stop() {
      stopped.abort()
      await following
    },
    verdictOn(socket) {
      if (files === undefined) throw new Error('TLS has not started')
      return verdictOn(socket, files.revocations, now())
    },
  }
}
