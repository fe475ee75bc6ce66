import { type RateClass, rateClasses } from '@confab/contract/endpoint'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ChatError } from '../chat-error.ts'
import type { Config } from '../config.ts'

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

/** The budgets as configured, kept in this process. With a factor of 0 there are none. */
export function createRateLimits(config: Pick<Config, 'rates' | 'rateLimitFactor'>): RateLimits {
  if (config.rateLimitFactor === 0) return { take: async () => {} }
  const limiters = new Map(
    rateClasses.map((rate) => {
      const { count, seconds } = config.rates[rate]
      const points = Math.max(1, Math.round(count * config.rateLimitFactor))
      return [rate, new RateLimiterMemory({ keyPrefix: rate, points, duration: seconds })]
    }),
  )
  return {
    async take(rate, caller, points = 1) {
      try {
        await limiters.get(rate)?.consume(caller, points)
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000))
        throw new ChatError('throttled', { seconds }, { retryAfter: seconds })
      }
    },
  }
}
