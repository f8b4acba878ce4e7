// What ingest answers, under the page's address: the API and its documentation, passed on as they come.
import httpProxy from '@fastify/http-proxy'
import { AppError } from '@ronda/contracts/errors'
import { type HttpServer, sendProblem } from '@ronda/runtime/http'
import type { Logger } from '@ronda/runtime/log'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { compressAnswers } from './compression.ts'
import type { Metrics } from './metrics.ts'

const prefixes = ['/api', '/docs', '/openapi.json', '/openapi.yaml']
/** Until the first byte of an answer; exports begin late. */
const answerTimeoutMs = 60_000

export interface ProxyDeps {
  /** Address of ingest. */
  ingestUrl: string
  metrics: Metrics
  log: Logger
}

export function addProxy(app: HttpServer, { ingestUrl, metrics, log }: ProxyDeps): void {
  let answers = true

  function markAnswered(): void {
    if (!answers) log.info('ingest answers again')
    answers = true
  }

  function markFailed(err: Error): void {
    metrics.upstreamFailures.inc()
    // An operator's page asks every few seconds: the change is the news, the rest is a metric.
    if (answers) log.warn({ err, ingestUrl }, 'ingest does not answer')
    answers = false
  }

  void app.register(async (scope) => {
    // Fastify's own would read a body before it is passed on.
    scope.removeAllContentTypeParsers()
    await compressAnswers(scope)
    for (const prefix of prefixes) {
      void scope.register(httpProxy, {
        upstream: ingestUrl,
        prefix,
        rewritePrefix: prefix,
        logLevel: 'error',
        disableRequestLogging: true,
        destroyAgent: true,
        undici: { headersTimeout: answerTimeoutMs },
        replyOptions: {
          rewriteRequestHeaders: forwardedHeaders,
          rewriteHeaders(headers) {
            markAnswered()
            return headers
          },
          // A 503 of ingest is an answer: its caller decides when to ask again.
          retryDelay: () => null,
          onError(reply, { error }) {
            markFailed(error)
            sendProblem(
              // The server is createHttpServer's: HTTP/1.
              reply as FastifyReply,
              new AppError('unavailable', 'the API does not answer: ingest is starting, stopping or down'),
            )
          },
        },
      })
    }
  })
}

function forwardedHeaders(
  request: Pick<FastifyRequest, 'ip' | 'protocol' | 'host'>,
  headers: IncomingHttpHeaders,
): IncomingHttpHeaders {
  // Node has answered `Expect` already, and the client that passes the request on refuses to send it.
  const { expect: _expect, forwarded: _forwarded, ...passed } = headers
  return {
    ...passed,
    // What the request says of itself counts only when it came from a trusted proxy; Fastify knows.
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': request.protocol,
    'x-forwarded-host': request.host,
  }
}
