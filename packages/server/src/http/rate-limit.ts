import { rateClasses } from '@confab/contract/endpoint'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { ChatError } from '../chat-error.ts'
import type { Config, Rate, RateClass } from '../config.ts'
import { networkOf } from '../lib/address.ts'
import type { RedisLink } from '../lib/redis.ts'

/** Budgets of calls per class and caller. */
export interface RateLimits {
  /**
   * Takes one call out of the budget of somebody who is logged in, and out of what all people of an address have together.
   * What the own budget refuses costs the neighbours nothing.
   *
   * @param caller `user:<id>`, or `token:<id>` of one that says who it is
   * @param address the IP address they call from, where that is known
   * @throws ChatError throttled, with the seconds to wait
   */
  take(rate: RateClass, caller: string, address?: string): Promise<void>
  /** Takes one call out of the budget of an address that nobody is logged in from. @throws ChatError as `take` does */
  takeAnonymous(rate: RateClass, address: string): Promise<void>
  /**
   * Counts a call that is refused since nobody is logged in with it. What was refused for another reason is not counted.
   *
   * @param whose the address that it comes from, or the token that it has, where this installation has signed it
   * @throws what it was refused for, or ChatError throttled where it was one too many
   */
  refuse(whose: Readonly<{ address: string } | { tokenId: string }>, reason: unknown): Promise<never>
}

declare module '../ctx.ts' {
  interface Services {
    rateLimits: RateLimits
  }
}

/** Where budgets are shared between servers; `prefix` begins the names of all keys. */
export type SharedStore = Readonly<{ link: RedisLink; prefix: string }>

type Options = Pick<Config, 'rates' | 'rateLimitFactor' | 'rateAddressMultiple'>

const classes: readonly RateClass[] = [...rateClasses, 'refused']

/**
 * The budgets as configured. With a factor of 0 there are none.
 *
 * What people of one address have together each server counts by itself, in memory: it is there to bear a flood, which
 * then does not reach Redis, and every call would otherwise cost Redis twice as much. Measured, it is 0.7 µs a call.
 *
 * @param shared keeps the others in Redis, for all servers together; while it is away, and without it, each server counts
 *   by itself
 */
export function createRateLimits(config: Options, shared?: SharedStore | undefined): RateLimits {
  if (config.rateLimitFactor === 0) return unlimited
  const budgets = budgetsOf(config, (rate, budget) => createLimiter(rate, budget, shared))
  const crowds = config.rateAddressMultiple === 0 ? undefined : createCrowds(config)
  const takeOne = async (rate: RateClass, caller: string) => {
    await budgets.get(rate)?.(caller).catch(throwThrottled)
  }

  return {
    takeAnonymous: (rate, address) => takeOne(rate, addressCaller(address)),
    async take(rate, caller, address) {
      const crowd = address === undefined ? undefined : crowds?.get(rate)
      const network = crowd && address !== undefined ? networkOf(address) : ''
      await crowd?.consume(network).catch(throwThrottled)
      try {
        await takeOne(rate, caller)
      } catch (error) {
        await crowd?.reward(network)
        throw error
      }
    },
    async refuse(whose, reason) {
      if (!(reason instanceof ChatError) || reason.status !== 401) throw reason
      await takeOne('refused', 'tokenId' in whose ? `token:${whose.tokenId}` : addressCaller(whose.address))
      throw reason
    },
  }
}

const unlimited: RateLimits = {
  take: async () => {},
  takeAnonymous: async () => {},
  refuse: async (_whose, reason) => {
    throw reason
  },
}

function budgetsOf<T>({ rates, rateLimitFactor }: Options, make: (rate: RateClass, budget: Rate) => T) {
  const budgets = classes.map((rate): [RateClass, T] => {
    const { count, seconds } = rates[rate]
    return [rate, make(rate, { count: Math.max(1, Math.round(count * rateLimitFactor)), seconds })]
  })
  return new Map(budgets)
}

/** What all people of a network have together. */
function createCrowds(config: Options) {
  return budgetsOf(config, (rate, { count, seconds }) => {
    const points = count * config.rateAddressMultiple
    return new RateLimiterMemory({ keyPrefix: rate, points, duration: seconds })
  })
}

const addressCaller = (address: string) => `address:${networkOf(address)}`

function throwThrottled(error: unknown): never {
  throw error instanceof RateLimiterRes ? throttled(error.msBeforeNext) : error
}

/** The refusal of whoever has to wait for so long, told in whole seconds. */
export function throttled(waitMs: number): ChatError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return new ChatError('throttled', { seconds }, { retryAfter: seconds })
}

type Take = (caller: string) => Promise<unknown>

function createLimiter(name: RateClass, { count, seconds }: Rate, shared: SharedStore | undefined): Take {
  const local = new RateLimiterMemory({ keyPrefix: name, points: count, duration: seconds })
  if (!shared) return (caller) => local.consume(caller)
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
  return (caller) => (shared.link.isAnswering ? common : local).consume(caller)
}
