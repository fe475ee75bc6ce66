import { type RateClass, rateClasses } from '@confab/contract/endpoint'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { ChatError } from '../chat-error.ts'
import type { Config, Rate } from '../config.ts'
import type { RedisLink } from '../lib/redis.ts'

/** Budgets of calls per class and caller. */
export interface RateLimits {
  /**
   * Takes one call (or `points` of them) out of the budget of a caller.
   *
   * @param caller `user:<id>`, or `address:<ip>` where nobody is logged in
   * @throws ChatError throttled, with the seconds to wait
   */
  take(rate: RateClass, caller: string, points?: number): Promise<void>
}

declare module '../ctx.ts' {
  interface Services {
    rateLimits: RateLimits
  }
}

/** Where budgets are shared between servers; `prefix` begins the names of all keys. */
export type SharedStore = Readonly<{ link: RedisLink; prefix: string }>

/**
 * The budgets as configured. With a factor of 0 there are none.
 *
 * @param shared keeps them in Redis, for all servers together; while it is away, and without it, each server counts by
 *   itself
 */
export function createRateLimits(
  config: Pick<Config, 'rates' | 'rateLimitFactor'>,
  shared?: SharedStore | undefined,
): RateLimits {
  if (config.rateLimitFactor === 0) return { take: async () => {} }
  const limiters = new Map(
    rateClasses.map((rate) => {
      const { count, seconds } = config.rates[rate]
      const points = Math.max(1, Math.round(count * config.rateLimitFactor))
      return [rate, createLimiter(rate, { count: points, seconds }, shared)]
    }),
  )
  return {
    async take(rate, caller, points = 1) {
      try {
        await limiters.get(rate)?.(caller, points)
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000))
        throw new ChatError('throttled', { seconds }, { retryAfter: seconds })
      }
    },
  }
}

type Take = (caller: string, points: number) => Promise<unknown>

function createLimiter(name: RateClass, { count, seconds }: Rate, shared: SharedStore | undefined): Take {
  const local = new RateLimiterMemory({ keyPrefix: name, points: count, duration: seconds })
  if (!shared) return (caller, points) => local.consume(caller, points)
  const common = new RateLimiterRedis({
    storeClient: shared.link.commands,
    keyPrefix: `${shared.prefix}rate:${name}`,
    points: count,
    duration: seconds,
    // Whoever is over is told so from memory, which is what keeps a flood from reaching Redis.
    inMemoryBlockOnConsumed: count + 1,
    insuranceLimiter: local,
  })
  // A Redis that does not answer is not even asked, so that no call waits for it.
  return (caller, points) => (shared.link.isAnswering ? common : local).consume(caller, points)
}
