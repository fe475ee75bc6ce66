import { LRUCache } from 'lru-cache'
import type { RedisLink } from '../../lib/redis.ts'

/** Wrong passwords for one account, and until when it has to wait for them, in milliseconds since 1970. */
export type Tries = Readonly<{ failures: number; blockedUntil: number }>

/** Remembers tries, for an hour after the last wrong one. */
export interface TriesStore {
  get(account: string): Promise<Tries>
  /** Counts a wrong password; `waitAfter` says for how many milliseconds the account has to wait after so many. */
  fail(account: string, waitAfter: (failures: number) => number): Promise<void>
  clear(account: string): Promise<void>
}

/** An account without a wrong try for this long begins anew. */
const FORGET_MS = 60 * 60_000

/** About 200 bytes each. */
const REMEMBERED = 50_000

const NONE: Tries = { failures: 0, blockedUntil: 0 }

/** Remembers them in this process. `now` is the clock, in milliseconds. */
export function createLocalTries(now = Date.now): TriesStore {
  const known = new LRUCache<string, Tries>({ max: REMEMBERED, ttl: FORGET_MS, ttlResolution: 0, perf: { now } })
  return {
    get: async (account) => known.get(account) ?? NONE,
    fail: async (account, waitAfter) => {
      const failures = (known.get(account)?.failures ?? 0) + 1
      known.set(account, { failures, blockedUntil: now() + waitAfter(failures) })
    },
    clear: async (account) => {
      known.delete(account)
    },
  }
}

/**
 * Remembers them in Redis, for all servers of an installation together. While it is away each server remembers for
 * itself, so that an outage gives every account its free tries once more and no endless ones.
 *
 * @param prefix begins the names of all keys
 */
export function createSharedTries(link: RedisLink, prefix: string): TriesStore {
  const local = createLocalTries()
  const keyOf = (account: string) => `${prefix}tries:${account}`
  const orLocally = async <T>(work: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> => {
    if (!link.isAnswering) return otherwise()
    return work().catch(otherwise)
  }
  return {
    get: (account) =>
      orLocally(
        async () => {
          const [failures, blockedUntil] = await link.commands.hmget(keyOf(account), 'failures', 'blockedUntil')
          return { failures: Number(failures ?? 0), blockedUntil: Number(blockedUntil ?? 0) }
        },
        () => local.get(account),
      ),
    fail: (account, waitAfter) =>
      orLocally(
        async () => {
          const key = keyOf(account)
          const failures = await link.commands.hincrby(key, 'failures', 1)
          await link.commands
            .multi()
            .hset(key, 'blockedUntil', Date.now() + waitAfter(failures))
            .pexpire(key, FORGET_MS)
            .exec()
        },
        () => local.fail(account, waitAfter),
      ),
    clear: async (account) => {
      await local.clear(account)
      await orLocally(
        async () => void (await link.commands.del(keyOf(account))),
        async () => {},
      )
    },
  }
}
