import type { Core } from '../../ctx.ts'
import { throttled } from '../../http/rate-limit.ts'
import { createLocalTries } from './login-tries.ts'

declare module '../../ctx.ts' {
  interface Services {
    loginWaits: LoginWaits
  }
}

/** Tries for one account that may wait for each other; more at once are not a person. */
const MAX_WAITING = 20

/** What one too many of them is told. */
const LINE_WAIT_MS = 1_000

/** Slows down guessing the password of one account, wherever the guesses come from. */
export interface LoginWaits {
  /**
   * Lets one try happen, unless the account has to wait. Tries for the same account on one server take turns, so that
   * many at once get no more guesses than many in a row; with several servers, each may let one happen at a time.
   *
   * @param account whose password it is: `user:<id>`, or `name:<…>` where nobody has that name
   * @param check says whether the password was right; a failure counts as no try at all
   * @throws ChatError throttled, with the seconds to wait
   */
  attempt<T>(account: string, check: () => Promise<T | undefined>): Promise<T | undefined>
}

type Options = Pick<
  Core['config'],
  'rateLimitFactor' | 'loginFreeFailures' | 'loginFirstWaitSeconds' | 'loginLongestWaitSeconds'
>

/**
 * Makes them, as long and after as many wrong passwords as configured; with a factor of 0 there are none. `now` is the
 * clock, in milliseconds.
 *
 * @param tries remembers wrong passwords: for this server, or for all that share it
 */
export function createLoginWaits(config: Options, now = Date.now, tries = createLocalTries(config, now)): LoginWaits {
  if (config.rateLimitFactor === 0) return { attempt: (_account, check) => check() }
  const free = Math.max(1, Math.round(config.loginFreeFailures * config.rateLimitFactor))
  const [first, longest] = [config.loginFirstWaitSeconds * 1_000, config.loginLongestWaitSeconds * 1_000]
  const waitAfter = (failures: number) => (failures < free ? 0 : Math.min(longest, first * 2 ** (failures - free)))
  const takeTurns = createTurns()

  return {
    attempt: (account, check) =>
      takeTurns(account, async () => {
        const { failures, blockedUntil } = await tries.get(account)
        if (blockedUntil > now()) throw throttled(blockedUntil - now())
        const result = await check()
        if (result === undefined) await tries.fail(account, waitAfter)
        else if (failures > 0) await tries.clear(account)
        return result
      }),
  }
}

/** Runs what has the same key one after the other. @throws ChatError throttled if too many wait for one key */
function createTurns() {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>()
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const line = lines.get(key) ?? { last: Promise.resolve(), length: 0 }
    if (line.length >= MAX_WAITING) throw throttled(LINE_WAIT_MS)
    lines.set(key, line)
    line.length++
    const turn = line.last.then(work, work)
    line.last = turn.catch(() => {})
    try {
      return await turn
    } finally {
      if (--line.length === 0) lines.delete(key)
    }
  }
}
