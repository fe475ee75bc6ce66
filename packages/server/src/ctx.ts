import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Database, Db, Tx } from './db/open.ts'
import type { RedisLink } from './lib/redis.ts'
import type { Metrics } from './metrics.ts'

/**
 * What the parts of the server offer each other, by name. Empty here: each part adds its own entry by declaration
 * merging (`declare module '…/ctx.ts' { interface Services { … } }`), and `app.ts` fills it in.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging, which only an interface allows
export interface Services {}

/** What lives as long as the server does. */
export type Core = Readonly<{
  config: Config
  database: Database
  log: Logger
  secretKey: string
  /** This server's name among others; in its logs and metrics. */
  nodeId: string
  /** What several servers share; undefined where this one is alone. */
  redis: RedisLink | undefined
  metrics: Metrics
  services: Services
}>

/** Who is calling. */
export type Actor = Readonly<{ id: number; username: string; isStaff: boolean; sessionId: number }>

/** What a service may reach while it serves one call: the core, and who is calling. */
export type Ctx = Readonly<{
  core: Core
  actor: Actor
  /** Where the caller sees this server, for example `https://chat.example.com`; without a slash at the end. */
  baseUrl: string
  /** For reads outside a transaction. */
  db: Db
  /** Runs a change: see `inTransaction`. */
  transaction<T>(change: (tx: Tx) => Promise<T>): Promise<T>
}>

/** Makes the context of one call. */
export function makeCtx(core: Core, actor: Actor, baseUrl: string): Ctx {
  return { core, actor, baseUrl, db: core.database.kysely, transaction: (change) => inTransaction(core, change) }
}

type Hook = (core: Core) => void

const hooks = new WeakMap<Tx, Hook[]>()

/** Runs the hook once the transaction has committed; never if it does not. */
export function afterCommit(tx: Tx, hook: Hook): void {
  const list = hooks.get(tx)
  if (!list) throw new Error('afterCommit needs a transaction that was opened by inTransaction')
  list.push(hook)
}

const MAX_TRIES = 4
const RETRYABLE = new Set(['40001', '40P01'])

/**
 * Runs a change in a transaction, and after its commit the hooks it left. Where Postgres gave up on it for the sake of
 * another (a deadlock), it runs again from the start: a change touches nothing but the transaction.
 */
export async function inTransaction<T>(core: Core, change: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const left: Hook[] = []
    try {
      const result = await core.database.kysely.transaction().execute((tx) => {
        hooks.set(tx, left)
        return change(tx)
      })
      for (const hook of left) hook(core)
      return result
    } catch (error) {
      if (attempt >= MAX_TRIES || !RETRYABLE.has(postgresCode(error))) throw error
    }
  }
}

/** The SQLSTATE of an error of Postgres, or '' for any other error. */
export function postgresCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
