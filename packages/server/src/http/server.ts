import { randomUUID } from 'node:crypto'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import compileSerializer, { type Schema } from 'fast-json-stringify'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { ChatError } from '../chat-error.ts'
import type { Core } from '../ctx.ts'
import { addressOf } from '../lib/address.ts'
import { isHost } from '../lib/host.ts'
import { answerClientError } from './client-errors.ts'
import { replyWithError } from './errors.ts'
import { readForm } from './form.ts'
import { isAllowedOrigin } from './origins.ts'
import type { RouteHost } from './route.ts'
import { securityHeaders } from './security-headers.ts'

/** A JSON body may have this many bytes for each character that a message may have, and some for the rest. */
const BYTES_PER_CHARACTER = 12
const BODY_BASE_BYTES = 128 * 1024

/** Makes the HTTP server: body parsing, CORS, security headers, request ids and the error shape, but no routes yet. */
export async function createHttpServer(core: Core): Promise<RouteHost> {
  const bodyLimit = BODY_BASE_BYTES + core.config.maxMessageChars * BYTES_PER_CHARACTER
  const logger: FastifyBaseLogger = core.log
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    trustProxy: core.config.trustProxy,
    bodyLimit,
    genReqId: makeRequestIds(),
    // A logger for each request costs more than the few that log something gain: they name the request themselves.
    childLoggerFactory: (logger) => logger,
    requestIdHeader: false,
    exposeHeadRoutes: true,
    keepAliveTimeout: 65_000,
    requestTimeout: 60_000,
    forceCloseConnections: 'idle',
    // What still comes on an open connection while the server stops is answered like anything else, and the connection closed.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    // What Fastify refuses before it looks for a route: a path that cannot be decoded.
    frameworkErrors: replyWithError,
  })
  // Made when first used: to make those of all answers takes an eighth of a start, measured.
  app.setSerializerCompiler<Schema>(({ schema }) => {
    let serialize: ((body: unknown) => string) | undefined
    return (body) => {
      serialize ??= compileSerializer(schema)
      return serialize(body)
    }
  })
  addBodyParsers(app, core, bodyLimit)
  app.decorateRequest('actor', undefined)
  const headers = securityHeaders(core.config)
  // What is answered to those who name no origin depends on that, too.
  const headersForOthers = { ...headers, vary: 'Origin' }
  const logsRequests = core.log.isLevelEnabled('debug')
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(namesOrigin(request) ? headers : headersForOthers).header('x-request-id', request.id)
    done()
  })
  await registerCors(app, core)
  app.addHook('onRequest', (request, _reply, done) => {
    // Programs that ask for the health of the server may do without (HTTP/1.0); whoever gives one gives a real one.
    if (request.host && !isHost(request.host)) return done(new ChatError('malformed_request'))
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request
    const labels = { method, route: routeOptions.url ?? 'none', status: reply.statusCode }
    core.metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000)
    if (logsRequests) {
      const ms = Math.round(reply.elapsedTime)
      core.log.debug({ reqId: request.id, method, path: pathOf(request), status: reply.statusCode, ms }, 'request')
    }
    done()
  })
  app.setErrorHandler((error, request, reply) => replyWithError(mediaTypeNamed(error, request), request, reply))
  app.setNotFoundHandler((request, reply) => replyWithError(new ChatError('not_found'), request, reply))
  return { app, core, endpoints: [] }
}

/** Ids of requests: unique among all servers by their random beginning, and cheap, since they only count on from there. */
function makeRequestIds(): () => string {
  const beginning = randomUUID().slice(0, 18)
  let last = 0
  return () => `${beginning}-${(++last).toString(36)}`
}

/**
 * CORS, for requests that name an origin: to leave the others alone is a twentieth of what a send costs. Their answers say
 * `Vary: Origin` already.
 */
async function registerCors(app: FastifyInstance, core: Core): Promise<void> {
  const forOrigins: FastifyCorsOptions = {
    origin: true,
    allowedHeaders: ['accept', 'authorization', 'content-type', 'idempotency-key', 'x-requested-with'],
    exposedHeaders: ['link', 'retry-after', 'x-request-id', 'x-error-code'],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    maxAge: 86_400,
    strictPreflight: false,
    // The answer itself is the path's own: what it offers.
    preflightContinue: true,
    optionsSuccessStatus: 200,
  }
  const forOthers: FastifyCorsOptions = { origin: false }
  await app.register(
    cors,
    () => (request: FastifyRequest, done: (error: null, options: FastifyCorsOptions) => void) => {
      done(null, namesOrigin(request) && isFromAllowedOrigin(request, core) ? forOrigins : forOthers)
    },
  )
}

function namesOrigin(request: FastifyRequest): boolean {
  return request.headers.origin !== undefined || request.method === 'OPTIONS'
}

function isFromAllowedOrigin({ headers: { origin }, raw }: FastifyRequest, { config }: Core): boolean {
  return origin === undefined || isAllowedOrigin(origin, addressOf(raw, config.trustProxy), config)
}

/** The path alone: a query may hold a token. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

function mediaTypeNamed(error: unknown, request: FastifyRequest): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new ChatError('unsupported_media_type', { mediaType: request.headers['content-type'] ?? '' })
  }
  if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new ChatError('body_too_large', { bytes: request.routeOptions.bodyLimit ?? 0 })
  }
  return error
}

function addBodyParsers(app: FastifyInstance, core: Core, bodyLimit: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) =>
    parseJson(body),
  )
  const fileBytes = core.config.maxUploadMb * 1024 * 1024
  app.addContentTypeParser(
    ['application/x-www-form-urlencoded', 'multipart/form-data'],
    async ({ headers, raw, routeOptions }: FastifyRequest) => {
      // A file that nobody asks for is read over, and not kept.
      const fieldBytes = routeOptions.bodyLimit ?? bodyLimit
      const limits = { fileBytes: routeOptions.config.takesFiles ? fileBytes : 0, fieldBytes }
      return readForm({ 'content-type': headers['content-type'] ?? '' }, raw, limits)
    },
  )
}

function parseJson(body: string): unknown {
  if (body.trim() === '') return {}
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new ChatError('malformed_json', { reason: error instanceof Error ? error.message.slice(0, 200) : '' })
  }
}
