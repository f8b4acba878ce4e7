// A Fastify server as ingest and fanout use it: zod at the edge, problem+json for every error, a bounded body.
import { AppError, type ErrorCode, type Problem, errorCatalogue } from '@ronda/contracts/errors'
import type { Environment } from '@ronda/contracts/environment'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import {
  type ZodTypeProvider,
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { type ListenAddress, listenFailure } from './listen.ts'
import type { Logger } from './log.ts'

const bodyLimitBytes = 1024 * 1024

// Fastify's own refusals, by status; any other of a request is `validation_failed`.
const codeOfStatus: Record<number, ErrorCode> = {
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
}

export type HttpServer = ReturnType<typeof createHttpServer>

export function createHttpServer(log: Logger, env: Pick<Environment, 'RONDA_TRUST_PROXY'>) {
  const app = Fastify({
    // Where it listens is said by the service; how many requests there are is a metric, not a log line.
    loggerInstance: log.child({}, { level: 'warn' }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    trustProxy: env.RONDA_TRUST_PROXY ?? false,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
    // What is refused before there is a route.
    frameworkErrors: (error, _request, reply) => refuse(error, reply),
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  app.setNotFoundHandler((request, reply) => {
    sendProblem(reply, new AppError('not_found', `there is nothing at ${request.method} ${request.url}`))
  })
  app.setErrorHandler((error: FastifyError | AppError, _request, reply) => refuse(error, reply))

  function refuse(error: FastifyError | AppError, reply: FastifyReply): void {
    const failure = toAppError(error)
    const { code, message: reason } = failure
    const { status, level } = errorCatalogue[code]
    // A request that is refused is the caller's affair, and there may be many; a failure of ours needs its cause.
    if (status < 500) log.debug({ code, reason }, 'request refused')
    else log[level]({ err: error, code }, 'request failed')
    sendProblem(reply, failure)
  }
  return app
}

function toAppError(error: FastifyError | AppError): AppError {
  if (error instanceof AppError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map(({ instancePath, message }) => {
      const where = instancePath.slice(1).replaceAll('/', '.')
      return where === '' ? `${message}` : `${where}: ${message}`
    })
    return new AppError('validation_failed', 'the request does not have the form that is asked for', { problems })
  }
  const { statusCode = 500 } = error
  return statusCode >= 400 && statusCode < 500
    ? new AppError(codeOfStatus[statusCode] ?? 'validation_failed', error.message, { cause: error })
    : new AppError('internal', 'something went wrong inside; the log of the service says what', { cause: error })
}

export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  const { status, title } = errorCatalogue[error.code]
  const problem: Problem = {
    type: 'about:blank',
    title,
    status,
    code: error.code,
    detail: error.message,
    ...(error.problems.length === 0 ? {} : { problems: error.problems }),
  }
  if (error.retryAfterS !== undefined) reply.header('retry-after', error.retryAfterS)
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(problem)
}

/** Listens and returns the address; throws `port_in_use` with what to change. */
export async function listen(app: Pick<FastifyInstance, 'listen'>, address: ListenAddress): Promise<string> {
  try {
    return await app.listen({ host: address.host, port: address.port })
  } catch (error) {
    throw listenFailure(error, address)
  }
}
