import type { Config } from '../../config.ts'
import type { SharedStore } from '../../http/rate-limit.ts'
import { rememberRecent } from '../../lib/recent.ts'

/** Wrong passwords for one account, and until when it has to wait for them, in milliseconds since 1970. */
export type Tries = Readonly<{ failures: number; blockedUntil: number }>

/** Remembers tries, for an hour after the last wrong one or longer: see `forgetMs`. */
export interface TriesStore {
  get(account: string): Promise<Tries>
  /** Counts a wrong password; `waitAfter` says for how many milliseconds the account has to wait after so many. */
  fail(account: string, waitAfter: (failures: number) => number): Promise<void>
  clear(account: string): Promise<void>
}

/**
 * An account without a wrong try for this long begins anew. It is longer than any wait: else the next wrong one after the
 * longest would be free again.
 */
function forgetMs({ loginLongestWaitSeconds }: Options): number {
  return Math.max(60 * 60_000, loginLongestWaitSeconds * 2_000)
}

type Options = Pick<Config, 'loginLongestWaitSeconds'>

/** About 200 bytes each. */
const REMEMBERED = 50_000

const NONE: Tries = { failures: 0, blockedUntil: 0 }

/** Remembers them in this process. `now` is the clock, in milliseconds. */
export function createLocalTries(config: Options, now = Date.now): TriesStore {
  const ttl = forgetMs(config)
  const known = rememberRecent<string, Tries>(REMEMBERED, { ttl, ttlResolution: 0, perf: { now } })
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
 */
export function createSharedTries(config: Options, { link, prefix }: SharedStore): TriesStore {
  const local = createLocalTries(config)
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
            .pexpire(key, forgetMs(config))
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
