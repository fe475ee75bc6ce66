import { missingRedis } from '@confab/testkit/redis'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { FAULT_WEIGHTS, planFaults } from './faults/schedule.ts'
import { runChaos } from './harness.ts'
import { DEFAULTS, type Options } from './options.ts'
import { Random } from './random.ts'
import { describeResult, describeViolations } from './report.ts'
import { endRun } from './stack/end.ts'
import { Network } from './stack/network.ts'

const base: Options = {
  seed: '4',
  seconds: 120,
  faults: 80,
  clients: 30,
  // The faults are what counts here, and other tests run beside it.
  pauseMs: 1_000,
  rooms: 12,
  nodes: 3,
  isBroken: false,
  isKept: false,
}

const NEEDS_NETWORKS = /packets|vanished/

/** The runs bring a Postgres of their own: with another for the rest of the tests they would be the same again. */
const isRepeated = process.env.TEST_DATABASE_URL !== undefined

describe('the plan of faults', () => {
  const much = { seconds: 900, faults: 500 }
  const plan = (seed: string) => planFaults(new Random(seed), { ...much, hasRedis: true, hasNetworks: true })

  test('is the same for the same seed, and another for another', () => {
    expect(plan('a')).toEqual(plan('a'))
    expect(plan('a')).not.toEqual(plan('b'))
  })

  test('has every kind of fault, in the order of their times, within the time', () => {
    const faults = plan('a')
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(Object.keys(FAULT_WEIGHTS)))
    const times = faults.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(Math.max(...times)).toBeLessThan(900_000)
  })

  test.each([true, false])('of the run below has every kind too, with networks of their own: %s', (hasNetworks) => {
    const planned = planFaults(new Random(base.seed), { ...base, hasRedis: true, hasNetworks })
    const possible = Object.keys(FAULT_WEIGHTS).filter((kind) => hasNetworks || !NEEDS_NETWORKS.test(kind))
    expect(planned.map(({ kind }) => kind)).toEqual(expect.arrayContaining(possible))
  })

  test('leaves Redis alone where there is none', () => {
    const faults = planFaults(new Random('a'), { ...much, hasRedis: false, hasNetworks: true })
    expect(faults.filter(({ kind }) => kind.includes('redis'))).toEqual([])
  })

  test('lets no packets be lost where servers have no networks of their own', () => {
    const faults = planFaults(new Random('a'), { ...much, hasRedis: true, hasNetworks: false })
    expect(faults.filter(({ kind }) => NEEDS_NETWORKS.test(kind))).toEqual([])
  })
})

describe.skipIf(isRepeated || missingRedis() !== undefined)('a run', () => {
  const { servers } = inject('networks')
  let networks: readonly Network[] | string
  beforeEach(async () => {
    networks = typeof servers === 'string' ? servers : await Promise.all(servers.map(Network.at))
  })
  afterEach(endRun)

  test('in which servers, Redis, Postgres and sockets fail loses, doubles and leaks nothing', async () => {
    const result = await runChaos(base, () => {}, networks)

    expect(describeViolations(base, result, 1), describeResult(base, result)).toBe('')
    expect(result.trace.counted('faults')).toBe(base.faults)
    expect(result.trace.counted('acknowledged')).toBeGreaterThan(200)
    expect(result.trace.counted('events replayed')).toBeGreaterThan(0)
  }, 840_000)

  test('with a hub that loses one event in a thousand, and memory of all, is found out', async () => {
    const options = {
      ...base,
      clients: 20,
      pauseMs: DEFAULTS.pauseMs,
      rooms: 10,
      seconds: 30,
      faults: 0,
      isBroken: true,
    }
    const { trace } = await runChaos(options, () => {}, networks)

    const found = trace.violations.map(({ what }) => what)
    expect(found).toContainEqual(expect.stringContaining('with a gap before it'))
    expect(found).toContainEqual(expect.stringMatching(/holds \d+ MB when its garbage is collected/))
  }, 420_000)
})
