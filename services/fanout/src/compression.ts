// Answers that are made when they are asked for travel compressed: the API's lists and history, boundaries. Called for
// the routes that send them; what comes slowly, as exports do, is sent on as it comes, and what a client has compressed
// is passed on so. (The page's files were compressed by their build.)
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'

/** To be awaited before the routes of the scope are defined. */
export async function compressAnswers(scope: FastifyInstance): Promise<void> {
  await scope.register(compress, {
    // Every browser has it on every connection, and of all it takes the least memory for an answer on its way.
    encodings: ['gzip'],
    zlibOptions: { flush: constants.Z_SYNC_FLUSH },
    globalDecompression: false,
  })
}
