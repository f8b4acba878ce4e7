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

// Fastify's own refusals, by status.
const codeOfStatus: Record<number, ErrorCode> = {
  400: 'validation_failed',
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
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  app.setNotFoundHandler((request, reply) => {
    sendProblem(reply, new AppError('not_found', `there is nothing at ${request.method} ${request.url}`))
  })
  app.setErrorHandler((error: FastifyError | AppError, _request, reply) => {
    const failure = toAppError(error)
    log[errorCatalogue[failure.code].level]({ err: error, code: failure.code }, 'request refused')
    sendProblem(reply, failure)
  })
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
  const code = codeOfStatus[error.statusCode ?? 500]
  return code === undefined
    ? new AppError('internal', 'something went wrong inside; the log of the service says what', { cause: error })
    : new AppError(code, error.message, { cause: error })
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
