/** Everything that a run is about: a Postgres, a Redis, some servers. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { atTheEnd } from '../../bench/children.ts'
import type { Options } from '../options.ts'
import type { Trace } from '../trace.ts'
import { type Network, openNetworks } from './network.ts'
import { ServerNode } from './node.ts'
import { Postgres } from './postgres.ts'
import { hasRedis, Redis } from './redis.ts'

/** Where links in answers point to; clients take the path of them only. */
export const PUBLIC_URL = 'http://chaos.test'

/** How long after their last socket closed people count as online. */
export const GRACE_SECONDS = 2

export type Stack = Readonly<{
  postgres: Postgres
  /** Undefined where there is no redis-server: servers then hear of each other by their position check. */
  redis: Redis | undefined
  nodes: readonly ServerNode[]
  /** Why servers have no networks of their own, if they have none: then packets are not lost. */
  withoutNetworks: string | undefined
  folder: string
}>

/**
 * Starts everything; all of it ends with the run.
 *
 * @param given the servers' networks, or why there are none; made for the run where nothing is said
 */
export async function startStack(options: Options, trace: Trace, given?: readonly Network[] | string): Promise<Stack> {
  const folder = await mkdtemp(path.join(tmpdir(), 'confab-chaos-'))
  // Root's Postgres runs as another user, who must be able to enter.
  await chmod(folder, 0o755)
  const postgres = await Postgres.start(path.join(folder, 'database')).finally(() => {
    // After it has been stopped.
    if (!options.isKept) atTheEnd(() => rm(folder, { recursive: true, force: true }))
  })
  const redis = options.nodes > 1 && hasRedis() ? await Redis.start(path.join(folder, 'redis')) : undefined
  const environment = {
    SECRET_KEY: randomBytes(32).toString('hex'),
    PUBLIC_URL,
    RATE_LIMIT_FACTOR: '0',
    LOG_LEVEL: 'warn',
    PRESENCE_GRACE_SECONDS: String(GRACE_SECONDS),
    // So that tokens expire in the middle of it.
    ACCESS_TOKEN_MINUTES: '2',
    SHUTDOWN_GRACE_SECONDS: '5',
    MAX_MESSAGE_CHARS: '60000',
  }
  const opened = given ?? (await openNetworks(options.nodes))
  const [networks, withoutNetworks] = typeof opened === 'string' ? [[], opened] : [opened, undefined]
  const nodes: ServerNode[] = []
  for (let index = 0; index < options.nodes; index++) {
    const name = `node-${index}`
    nodes.push(
      await ServerNode.make({
        name,
        folder: path.join(folder, name),
        databaseUrl: (address) => postgres.url(address),
        databasePort: postgres.port,
        redisPort: redis?.port,
        network: networks[index],
        environment,
        isBroken: options.isBroken,
        trace,
      }),
    )
  }
  await Promise.all(nodes.map((node) => node.start()))
  return { postgres, redis, nodes, withoutNetworks, folder }
}
