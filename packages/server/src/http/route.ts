import type { Readable } from 'node:stream'
import { type Endpoint, isSearchable, type RateClass, type ReplyOf, type RequestOf } from '@confab/contract/endpoint'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { ChatError, InvalidFields } from '../chat-error.ts'
import type { Config } from '../config.ts'
import { type Actor, type Core, type Ctx, makeCtx } from '../ctx.ts'
import { type Address, addressOf, ipOf } from '../lib/address.ts'
import { type Absolutize, compileAbsolutize } from '../wire/absolute-urls.ts'
import { Form } from '../wire/form.ts'
import { parseObject } from '../wire/validation.ts'
import { authenticateCall } from './auth.ts'

/** What a handler may need of the request beside path, query and body. */
export type HttpCall = Readonly<{
  /** The whole URL of the request, for links to other pages. */
  url: string
  baseUrl: string
  address: string
  userAgent: string
  headers: FastifyRequest['headers']
}>

/** An answer with a status or headers of its own. */
export class Answer<T> {
  readonly status: number
  readonly body: T
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: T, headers: Readonly<Record<string, string>> = {}) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** An answer that is written bit by bit, in the form of the contract: it is sent as it comes. */
export class Streamed {
  readonly stream: Readable
  readonly headers: Readonly<Record<string, string>>

  constructor(stream: Readable, headers: Readonly<Record<string, string>>) {
    this.stream = stream
    this.headers = headers
  }
}

type Reply<E> = ReplyOf<E> | Answer<ReplyOf<E>> | Streamed

/** What routes are registered on. */
export type RouteHost = Readonly<{ app: FastifyInstance; core: Core; endpoints: Endpoint[] }>

/** Serves an endpoint for people who are logged in. */
export function route<E extends Endpoint>(
  host: RouteHost,
  endpoint: E,
  handler: (ctx: Ctx, request: RequestOf<E>, http: HttpCall) => Promise<Reply<E>>,
): void {
  register(host, endpoint, (actor, input, http) => {
    if (!actor) throw new ChatError('not_authenticated')
    return handler(makeCtx(host.core, actor, http.baseUrl), input as RequestOf<E>, http)
  })
}

/**
 * Serves an endpoint for everyone; a token that comes with the request is not looked at.
 *
 * @param options.isCounting the handler takes the call out of a budget itself, once it knows whose: a call without what it
 *   must have counts for its address, and what cannot even be read for nobody, so that its body is small
 */
export function publicRoute<E extends Endpoint>(
  host: RouteHost,
  endpoint: E,
  handler: (core: Core, request: RequestOf<E>, http: HttpCall) => Promise<Reply<E>>,
  { isCounting = false } = {},
): void {
  const serve: Serve = (_actor, input, http) => handler(host.core, input as RequestOf<E>, http)
  register(host, endpoint, serve, { isCounting })
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether files that come with a form are wanted. */
    takesFiles?: boolean
  }

  interface FastifyRequest {
    /** Who is calling, where the endpoint asks for it. */
    actor: Actor | undefined
  }
}

type Input = { params: unknown; query: unknown; body: unknown }
type Serve = (actor: Actor | undefined, input: Input, http: HttpCall) => Promise<unknown>

/** Bytes of a body that holds a token or two. */
const SMALL_BODY = 16 * 1024

function register(host: RouteHost, endpoint: Endpoint, serve: Serve, { isCounting = false } = {}): void {
  const { core } = host
  const success = successStatus(endpoint)
  const absolutize = new Map(
    Object.entries(endpoint.responses).map(([status, schema]) => [Number(status), compileAbsolutize(schema)]),
  )
  const canSearch = isSearchable(endpoint)
  host.endpoints.push(endpoint)
  host.app.route({
    method: endpoint.method,
    url: endpoint.path,
    schema: { response: responseSchemas(endpoint) },
    ...(isCounting ? { bodyLimit: SMALL_BODY } : {}),
    config: { takesFiles: Object.values(endpoint.body?.properties ?? {}).some((field) => 'x-upload' in field) },
    onRequest: async (request) => {
      if (endpoint.access !== 'public') request.actor = await authenticateCall(core, request.raw)
      if (!isCounting) await takeCall(core, endpoint.rate, request)
      if (canSearch && isSearch(request.query)) await takeCall(core, 'search', request)
    },
    handler: async (request, reply) => {
      const input = await readInput(core, endpoint, request).catch(async (error: unknown) => {
        if (isCounting) await takeCall(core, endpoint.rate, request)
        throw error
      })
      const http = describeCall(core, request)
      const result = await serve(request.actor, input, http)
      return answer(reply, result, success, absolutize, http.baseUrl)
    },
  })
}

function answer(
  reply: FastifyReply,
  result: unknown,
  success: number,
  absolutize: Map<number, Absolutize>,
  baseUrl: string,
): unknown {
  if (result instanceof Streamed) return reply.code(success).headers(result.headers).send(result.stream)
  const given = result instanceof Answer ? result : new Answer(success, result)
  reply.code(given.status).headers(given.headers)
  if (given.status === 204) return reply.send()
  return absolutize.get(given.status)?.(given.body, baseUrl) ?? given.body
}

/** A person's budget is theirs wherever they call from; whoever is not logged in shares that of their address. */
async function takeCall({ config, services }: Core, rate: RateClass | 'none', request: FastifyRequest): Promise<void> {
  if (rate === 'none') return
  const { actor } = request
  const address = ipOf(request.raw, config.trustProxy)
  if (!actor) return services.rateLimits.takeAnonymous(rate, address)
  return services.rateLimits.take(rate, `user:${actor.id}`, address)
}

function isSearch(query: unknown): boolean {
  return String(Reflect.get(Object(query), 'search') ?? '').trim() !== ''
}

async function readInput(core: Core, endpoint: Endpoint, request: FastifyRequest): Promise<Input> {
  const body = endpoint.body ? parseObject(endpoint.body, request.body === undefined ? {} : request.body) : {}
  if (request.body instanceof Form && request.body.hasUpload) {
    await takeCall(core, 'upload', request)
  }
  return {
    params: endpoint.params ? parseParams(endpoint.params, request.params) : {},
    query: endpoint.query ? parseQuery(endpoint.query, request.query) : {},
    body,
  }
}

/** An id that is no number is the id of nothing. */
function parseParams(schema: TSchema, raw: unknown): Record<string, unknown> {
  try {
    return parseObject(schema, raw)
  } catch (error) {
    throw error instanceof InvalidFields ? new ChatError('not_found') : error
  }
}

function parseQuery(schema: TSchema, raw: unknown): Record<string, unknown> {
  const last = Object.fromEntries(
    Object.entries(raw as Record<string, unknown>).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.at(-1) : value,
    ]),
  )
  try {
    return parseObject(schema, last)
  } catch (error) {
    if (error instanceof InvalidFields && JSON.stringify(error.fields).includes(NUL_REFUSED)) {
      throw new InvalidFields([NUL_REFUSED])
    }
    throw error
  }
}

/** In a query this is answered as a bare list, whichever parameter it was. */
const NUL_REFUSED = 'Null characters are not allowed.'

/** Where the caller sees this server: as configured, or else as they addressed it. */
export function baseUrlOf({ publicUrl }: Pick<Config, 'publicUrl'>, { protocol, host }: Address): string {
  return publicUrl ?? `${protocol}://${host}`
}

function describeCall(core: Core, request: FastifyRequest): HttpCall {
  const baseUrl = baseUrlOf(core.config, addressOf(request.raw, core.config.trustProxy))
  return {
    baseUrl,
    url: baseUrl + request.url,
    address: ipOf(request.raw, core.config.trustProxy),
    userAgent: request.headers['user-agent']?.slice(0, 300) ?? '',
    headers: request.headers,
  }
}

function successStatus(endpoint: Endpoint): number {
  const statuses = Object.keys(endpoint.responses).map(Number)
  const status = statuses.find((candidate) => candidate === 201) ?? statuses[0]
  if (status === undefined) throw new Error(`${endpoint.operationId} says nothing of its answer`)
  return status
}

/** Fastify serialises by these, so that nothing beyond the contract leaves the server. */
function responseSchemas(endpoint: Endpoint): Record<string, TSchema> {
  return Object.fromEntries(Object.entries(endpoint.responses).filter(([status]) => status !== '204'))
}
