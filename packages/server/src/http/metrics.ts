import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIPv6 } from 'node:net'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Core } from '../ctx.ts'
import { reasonOf, StartError } from '../lib/start-error.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * `/metrics`, for Prometheus. With `METRICS_TOKEN` it asks for that as a bearer token; without, it answers this machine
 * only, and nothing that a proxy passes on. With `METRICS_PORT` it is not here but there, see `listenForMetrics`.
 */
export function metricsRoutes(app: FastifyInstance, core: Core): void {
  if (core.config.metricsPort !== undefined) return
  app.get('/metrics', async (request, reply) => {
    if (core.config.metricsToken === undefined && !isFromHere(request)) return reply.callNotFound()
    return answer(core, request, reply)
  })
}

/**
 * Listens on `METRICS_PORT`, if there is one, for `/metrics` alone.
 *
 * @returns how to stop it
 * @throws StartError where the port cannot be had
 */
export async function listenForMetrics(core: Core): Promise<() => Promise<void>> {
  const { host, metricsPort: port } = core.config
  if (port === undefined) return async () => {}
  const app = fastify({ forceCloseConnections: true })
  app.get('/metrics', (request, reply) => answer(core, request, reply))
  // A worker of several has a port of its own, not one that it shares.
  const url = await app.listen({ host, port, exclusive: true }).catch((error: unknown) => {
    throw new StartError(`METRICS_PORT ${port} of ${host} cannot be had: ${reasonOf(error)}`, { cause: error })
  })
  core.log.info({ url: `${url}/metrics` }, 'metrics')
  return () => app.close()
}

async function answer({ config, metrics }: Core, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { authorization = '' } = request.headers
  if (config.metricsToken !== undefined && !isSame(authorization, `Bearer ${config.metricsToken}`)) {
    return reply.code(401).header('www-authenticate', 'Bearer realm="metrics"').send()
  }
  return reply.type(metrics.registry.contentType).send(await metrics.toText())
}

/** Behind a proxy on this machine everybody comes from here, but then the proxy says so. */
function isFromHere(request: FastifyRequest): boolean {
  const { remoteAddress } = request.socket
  if (remoteAddress === undefined || 'x-forwarded-for' in request.headers || 'forwarded' in request.headers)
    return false
  const plain = remoteAddress.replace(/^::ffff:/, '')
  return loopback.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}

/** In the same time wherever they differ. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return first !== undefined && second !== undefined && timingSafeEqual(first, second)
}

/** Where clients come in by sockets. */
type Doors = Readonly<{
  sockets: Readonly<{ size: number; closes: Iterable<[string, number]>; dropped: number }>
  gateway: Readonly<{ countWaiting(): number; countUntakenBytes(): number }>
}>

/** What is read off the parts of the server when it is asked for. */
export function watchParts(core: Core, { sockets, gateway }: Doors): void {
  const { metrics, services, database } = core
  const { hub, bus } = services.realtime
  metrics.watch('confab_sockets', 'Open sockets', () => sockets.size)
  metrics.watch('confab_people_online', 'People with a socket on this server', () => services.presence.size)
  metrics.watchTotals('confab_socket_closes_total', 'Sockets closed by the server', {
    label: 'reason',
    read: () => sockets.closes,
  })
  metrics.watchTotal(
    'confab_signals_dropped_total',
    'Signals that were not sent because their client lagged behind',
    () => sockets.dropped,
  )
  metrics.watch('confab_sockets_waiting', 'Sockets that wait for their turn to start', () => gateway.countWaiting())
  metrics.watch('confab_replay_untaken_bytes', 'What clients missed that is on its way to them', () =>
    gateway.countUntakenBytes(),
  )
  metrics.watch('confab_hub_topics', 'Topics that sockets of this server follow', () => hub.size.topics)
  metrics.watch('confab_hub_subscriptions', 'Followed topics, counted per socket', () => hub.size.subscriptions)
  metrics.watchTotal(
    'confab_events_in_total',
    'Events that reached this server for its sockets',
    () => hub.stats.events,
  )
  metrics.watchTotal('confab_events_out_total', 'Events given to sockets', () => hub.stats.deliveries)
  metrics.watchTotal(
    'confab_gap_fills_total',
    'Times the log was read for what the bus had not brought',
    () => hub.stats.fills,
  )
  metrics.watch('confab_bus_up', 'Whether other servers can be reached', () => (bus.state() === 'up' ? 1 : 0))
  metrics.watchTotal('confab_bus_published_total', 'Messages given to the bus', () => bus.stats.published)
  metrics.watchTotal('confab_bus_received_total', 'Messages of other servers', () => bus.stats.received)
  metrics.watchTotal('confab_bus_dropped_total', 'Messages that the bus did not take', () => bus.stats.dropped)
  metrics.watch('confab_message_queue', 'Sends that wait for the batch under way', () => services.messageWriter.size)
  metrics.watchEach('confab_consumer_lag_events', 'Events of the log that are not consumed yet', {
    label: 'consumer',
    read: () => [
      ['notifications', services.notifications.behind],
      ['search', services.search.behind],
    ],
  })
  metrics.watch('confab_database_connections', 'Open connections to Postgres', () => database.pool.totalCount)
  metrics.watch('confab_database_waiting', 'Work that waits for a connection', () => database.pool.waitingCount)
}
