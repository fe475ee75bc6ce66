import { randomBytes } from 'node:crypto'
import type { Endpoint } from '@confab/contract/endpoint'
import { MessageCreated, MessageUpdated } from '@confab/contract/messages/events'
import { NotificationCreated, NotificationReopened } from '@confab/contract/notifications/events'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { chatSocket } from './compat/chat.ts'
import { notificationsSocket } from './compat/notifications.ts'
import { sidebarSocket } from './compat/sidebar.ts'
import type { Config } from './config.ts'
import type { Core, Services } from './ctx.ts'
import type { Database } from './db/open.ts'
import { SessionAuthenticator } from './features/accounts/authenticator.ts'
import { SessionCleaner } from './features/accounts/jobs.ts'
import { createSharedTries } from './features/accounts/login-tries.ts'
import { createLoginWaits } from './features/accounts/login-waits.ts'
import { accountsRoutes } from './features/accounts/routes.ts'
import { SessionWatch } from './features/accounts/session-watch.ts'
import { openMediaStorage } from './features/media/open-storage.ts'
import { mediaRoutes } from './features/media/routes.ts'
import { createMedia } from './features/media/service.ts'
import { messageCommands } from './features/messages/commands.ts'
import { messageRoutes } from './features/messages/routes.ts'
import { loadMessageEvents } from './features/messages/view.ts'
import { MessageWriter } from './features/messages/writer.ts'
import { Announcer } from './features/notifications/announcer.ts'
import { NotificationJobs } from './features/notifications/jobs.ts'
import { notificationRoutes } from './features/notifications/routes.ts'
import { loadToldEvents } from './features/notifications/told-events.ts'
import { peopleRoutes } from './features/people/routes.ts'
import { presenceCommands } from './features/presence/commands.ts'
import { Presence } from './features/presence/service.ts'
import { privacyRoutes } from './features/privacy/routes.ts'
import { receiptCommands } from './features/receipts/commands.ts'
import { ReceiptSignals } from './features/receipts/receipt-signals.ts'
import { receiptRoutes } from './features/receipts/routes.ts'
import { RoomCleaner } from './features/rooms/jobs.ts'
import { roomRoutes } from './features/rooms/routes.ts'
import { SearchIndex } from './features/search/jobs.ts'
import { searchRoutes } from './features/search/routes.ts'
import { createEpochReader } from './features/sync/epoch.ts'
import { listPassing, listTopics, takeSnapshot } from './features/sync/service.ts'
import { typingCommands } from './features/typing/commands.ts'
import { TYPING_EXPIRE_MS, TYPING_RENEW_MS, Typing } from './features/typing/service.ts'
import { docsRoutes } from './http/docs/routes.ts'
import { healthRoutes } from './http/health.ts'
import { listenForMetrics, metricsRoutes, watchParts } from './http/metrics.ts'
import { isAllowedOrigin } from './http/origins.ts'
import { answerOtherMethods } from './http/other-methods.ts'
import { createRateLimits } from './http/rate-limit.ts'
import { baseUrlOf, type RouteHost } from './http/route.ts'
import { createHttpServer } from './http/server.ts'
import { webAppRoutes } from './http/web-app.ts'
import { addressOf, ipOf } from './lib/address.ts'
import type { RedisLink } from './lib/redis.ts'
import { redisPrefix } from './lib/redis-prefix.ts'
import { parseRedisUrl } from './lib/redis-url.ts'
import { Metrics } from './metrics.ts'
import type { Bus } from './realtime/bus.ts'
import type { Carrier } from './realtime/carrier.ts'
import { ChannelBus } from './realtime/channel-bus.ts'
import { createGateway, type Gateway } from './realtime/gateway.ts'
import type { GatewayOptions } from './realtime/gateway-options.ts'
import { MemoryBus } from './realtime/memory-bus.ts'
import { Realtime } from './realtime/realtime.ts'
import { RedisCarrier } from './realtime/redis-carrier.ts'
import { EventRetention } from './realtime/retention.ts'
import { MAX_FRAME_BYTES, SocketServer } from './realtime/socket-server.ts'

/** What a server is made of: it owns none of it, and closes none of it but what it opened itself. */
export type ServerOptions = Readonly<{
  config: Config
  secretKey: string
  database: Database
  log: Logger
  /** The way to other servers where there is no Redis. */
  carrier?: Carrier | undefined
}>

/** A server that is listening. */
export type RunningServer = Readonly<{
  /** Where it listens, for example `http://127.0.0.1:8000`. */
  url: string
  core: Core
  endpoints: readonly Endpoint[]
  /** Stops accepting, lets what is under way finish, closes the sockets; resolves when all of it is done. */
  close(): Promise<void>
}>

/** How long the start waits for Redis. */
const REDIS_WAIT_MS = 1_000

/**
 * Puts the server together and starts listening. The database is migrated already.
 *
 * @throws the error of `listen` (EADDRINUSE, EACCES) where the address cannot be had
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const core = await createCore(options, openRedis)
  const host = await createHttpServer(core)
  let isDraining = false
  healthRoutes(host, () => isDraining)
  registerFeatures(host)
  docsRoutes(host)
  answerOtherMethods(host)
  metricsRoutes(host.app, core)
  webAppRoutes(host)
  const gateway = createGateway(gatewayOptions(core))
  const sockets = openSockets(host, gateway)
  watchParts(core, { sockets, gateway })
  // With Redis away the server starts all the same: what it would have told others they find in the log.
  await core.redis?.connected(REDIS_WAIT_MS)
  const { host: address, port } = core.config
  const stopMetrics = await listenForMetrics(core)
  const url = await host.app.listen({ host: address, port }).catch(async (error: unknown) => {
    core.redis?.close()
    await stopMetrics()
    throw error
  })
  core.services.realtime.start()
  core.services.media.start()
  core.services.presence.start()
  const retention = new EventRetention(core)
  retention.start()
  core.services.notifications.start()
  core.services.announcer.start()
  core.services.search.start()
  core.services.roomCleaner.start()
  core.services.sessionCleaner.start()
  const sessionWatch = new SessionWatch(core, () => sockets.listSessionIds())
  sessionWatch.start()
  return {
    url,
    core,
    endpoints: host.endpoints,
    close: async () => {
      isDraining = true
      await sockets.close()
      await closeHttp(host.app)
      await stopMetrics()
      await core.services.messageWriter.settled()
      await retention.stop()
      await core.services.media.stop()
      await core.services.presence.stop()
      await core.services.notifications.stop()
      await core.services.announcer.stop()
      await core.services.search.stop()
      await core.services.roomCleaner.stop()
      await core.services.sessionCleaner.stop()
      await sessionWatch.stop()
      await core.services.receiptSignals.stop()
      await core.services.realtime.stop()
      core.redis?.close()
    },
  }
}

/** How often connections are looked for that have become idle while the server closes. */
const IDLE_SWEEP_MS = 100

/** Finishes the calls under way. A connection that is kept alive would hold the stop up for as long as it may be idle. */
async function closeHttp(app: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), IDLE_SWEEP_MS)
  await app.close().finally(() => clearInterval(sweep))
}

/**
 * The parts of a server, none of them started. Commands that do work of the services use it without listening.
 *
 * @param openLink opens Redis; without it other servers hear of what is done here by their position check
 */
export async function createCore(options: ServerOptions, openLink?: typeof openRedis): Promise<Core> {
  const { config, secretKey, database } = options
  const nodeId = config.nodeId ?? randomBytes(3).toString('hex')
  const log = options.log.child({ node: nodeId })
  const redis = await openLink?.(config, { nodeId, log })
  // The parts find each other here when they are used, not when they are made, so that the order does not matter.
  const services = {} as Services
  const core: Core = { config, secretKey, database, log, nodeId, redis, metrics: new Metrics(nodeId), services }
  const shared = redis && { link: redis, prefix: redisPrefix(secretKey) }
  services.rateLimits = createRateLimits(config, shared)
  services.realtime = new Realtime({ bus: createBus(core, options.carrier), db: database.kysely, log })
  services.media = createMedia({
    db: database.kysely,
    storage: await openMediaStorage(config, process.env),
    secretKey,
    log,
    maxUploadBytes: config.maxUploadMb * 1024 * 1024,
  })
  services.presence = new Presence(core)
  services.typing = new Typing(core)
  services.receiptSignals = new ReceiptSignals(core)
  services.epoch = createEpochReader(database.kysely)
  services.messageWriter = new MessageWriter(core)
  services.search = new SearchIndex(core)
  services.realtime.useLoader([MessageCreated, MessageUpdated], (db, events) => loadMessageEvents(core, db, events))
  services.realtime.useLoader([NotificationCreated, NotificationReopened], loadToldEvents)
  services.notifications = new NotificationJobs(core)
  services.announcer = new Announcer(core)
  services.roomCleaner = new RoomCleaner(core)
  services.authenticator = new SessionAuthenticator(core)
  const tries = shared && createSharedTries(config, shared)
  services.loginWaits = createLoginWaits(config, Date.now, tries)
  services.sessionCleaner = new SessionCleaner(core)
  return core
}

/** Loads the library, some 75 modules, only where there is a Redis. */
async function openRedis(
  { redisUrl }: Config,
  { nodeId, log }: { nodeId: string; log: Logger },
): Promise<RedisLink | undefined> {
  const target = redisUrl === undefined ? undefined : parseRedisUrl(redisUrl)
  if (!target) return undefined
  const { RedisLink } = await import('./lib/redis.ts')
  return new RedisLink(target, { name: `confab:${nodeId}`, log })
}

function createBus({ redis, secretKey, log }: Core, other: Carrier | undefined): Bus {
  const carrier = redis ? new RedisCarrier(redis, { log }) : other
  return carrier ? new ChannelBus(carrier, { prefix: redisPrefix(secretKey), log }) : new MemoryBus()
}

/** Every feature, in the order in which one may use another: only earlier ones. */
function registerFeatures(host: RouteHost): void {
  host.app.register(mediaRoutes(host.core.services.media))
  accountsRoutes(host)
  notificationRoutes(host)
  roomRoutes(host)
  peopleRoutes(host)
  receiptRoutes(host)
  messageRoutes(host)
  searchRoutes(host)
  privacyRoutes(host)
}

function gatewayOptions(core: Core): GatewayOptions {
  const { config, services } = core
  return {
    core,
    authenticate: (token, ip) => services.authenticator.verifyForSocket(token, ip),
    listTopics,
    takeSnapshot,
    listPassing,
    limits: {
      message_chars: config.maxMessageChars,
      upload_mb: config.maxUploadMb,
      group_members: config.maxGroupMembers,
      frame_bytes: MAX_FRAME_BYTES,
      frames_per_second: framesPerSecond(config),
      typing_renew_ms: TYPING_RENEW_MS,
      typing_expire_ms: TYPING_EXPIRE_MS,
    },
    commands: [...messageCommands, ...receiptCommands, ...typingCommands, ...presenceCommands],
  }
}

/** Frames that a client may send on a socket in a second over time; 0 is as many as it likes. */
function framesPerSecond({ socketFramesPerSecond, rateLimitFactor }: Config): number {
  return rateLimitFactor === 0 ? 0 : Math.max(1, Math.round(socketFramesPerSecond * rateLimitFactor))
}

/** The sockets, on the HTTP server's own port. */
function openSockets({ app, core }: RouteHost, gateway: Gateway): SocketServer {
  const { authenticator, presence } = core.services
  const sockets = new SocketServer({
    routes: [gateway.route, chatSocket(core), sidebarSocket(core), notificationsSocket(core)],
    log: core.log,
    maxSocketsPerUser: core.config.maxSocketsPerUser,
    framesPerSecond: framesPerSecond(core.config),
    socketsElsewhere: (userId) => presence.socketsElsewhere(userId),
    authenticate: (token, ip) => authenticator.authenticate(token, ip),
    addressOf: (request) => addressOf(request, core.config.trustProxy),
    ipOf: (request) => ipOf(request, core.config.trustProxy),
    isAllowedOrigin: (origin, address) => isAllowedOrigin(origin, address, core.config),
    baseUrlOf: (address) => baseUrlOf(core.config, address),
    onArrive: (userId) => presence.arrive(userId),
    onLeave: (userId) => presence.leave(userId),
  })
  authenticator.onSessionEnded((sessionIds) => sockets.endSessions(sessionIds))
  presence.onSocketsElsewhere((people) => sockets.shed(people))
  app.server.on('upgrade', sockets.onUpgrade)
  return sockets
}
