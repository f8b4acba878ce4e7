// The control room's page: the files that its build made, and its index wherever the page has something to show.
// A person who goes to any other address gets the index as well, which says so, with 404. Whoever understands it gets
// the compressed file that the build has laid beside the plain one.
import staticFiles from '@fastify/static'
import { AppError } from '@ronda/contracts/errors'
import { parsePagePath } from '@ronda/contracts/page-routes'
import type { HttpServer } from '@ronda/runtime/http'
import type { Logger } from '@ronda/runtime/log'
import type { FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, posix, sep } from 'node:path'

/** Their names carry a hash of their content. */
const hashedFolder = 'assets'
const index = 'index.html'
const notBuilt = 'the control room’s page is not built: run `pnpm --filter @ronda/control-room build`, or `npm start`'

export interface PageDeps {
  /** The build's folder. */
  dir: string
  log: Logger
}

export function addPage(app: HttpServer, { dir, log }: PageDeps): void {
  if (!existsSync(join(dir, index))) log.warn({ dir }, notBuilt)

  void app.register(staticFiles, {
    root: dir,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    dotfiles: 'ignore',
    suppressWarning: true,
    setHeaders(reply, path) {
      const hashed = path.startsWith(join(dir, hashedFolder) + sep)
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })

  app.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
    const path = request.params['*']
    if (await isFile(dir, path)) return reply.sendFile(path)
    if (path !== '' && !isNavigation(request)) return reply.callNotFound()
    if (!existsSync(join(dir, index))) throw new AppError('unavailable', notBuilt)
    return reply.code(parsePagePath(`/${path}`) === undefined ? 404 : 200).sendFile(index)
  })
}

/** A person goes to an address, not a script to a file. */
function isNavigation({ headers }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode']
  return mode === undefined ? (headers.accept ?? '').includes('text/html') : mode === 'navigate'
}

/** A path that leaves the folder, or has another spelling, is none: nobody learns what lies beside the page. */
async function isFile(dir: string, path: string): Promise<boolean> {
  if (posix.normalize(path) !== path || path.startsWith('..')) return false
  return (await stat(join(dir, path)).catch(() => undefined))?.isFile() ?? false
}
