import { PASSWORD, startTestServer } from '@confab/testkit/server'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ChatError } from '../../chat-error.ts'
import { loadConfig } from '../../config.ts'
import { createLoginWaits } from './login-waits.ts'

/** Waits on a clock that stands still until it is moved. */
function makeWaits(env: Record<string, string> = {}) {
  let now = 1_000_000
  const waits = createLoginWaits(loadConfig(env), () => now)
  return {
    pass: (seconds: number) => {
      now += seconds * 1000
    },
    /** `right`, `wrong`, or the seconds to wait. */
    attempt: async (isRight: boolean, account = 'user:1') => {
      try {
        return (await waits.attempt(account, async () => isRight || undefined)) ? 'right' : 'wrong'
      } catch (error) {
        return error instanceof ChatError ? error.retryAfter : error
      }
    },
  }
}

async function repeat<T>(times: number, what: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let time = 0; time < times; time++) results.push(await what())
  return results
}

test('after five wrong passwords each further one doubles the wait, up to a quarter of an hour', async () => {
  const { attempt, pass } = makeWaits()
  await repeat(5, () => attempt(false))
  const waits: unknown[] = []

  for (let failure = 0; failure < 12; failure++) {
    const wait = await attempt(true)
    waits.push(wait)
    pass(Number(wait))
    await attempt(false)
  }

  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
})

test('how many are free, the first wait and the longest are as configured', async () => {
  const { attempt, pass } = makeWaits({
    LOGIN_FREE_FAILURES: '2',
    LOGIN_FIRST_WAIT_SECONDS: '30',
    LOGIN_LONGEST_WAIT_SECONDS: '7200',
  })
  expect(await repeat(2, () => attempt(false))).toEqual(['wrong', 'wrong'])
  const waits: unknown[] = []

  for (let failure = 0; failure < 10; failure++) {
    const wait = await attempt(true)
    waits.push(wait)
    pass(Number(wait))
    await attempt(false)
  }

  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3840, 7200, 7200])
})

test('a right password after the wait begins anew; another account never had to wait', async () => {
  const { attempt, pass } = makeWaits()
  await repeat(5, () => attempt(false))

  expect(await attempt(true, 'user:2')).toBe('right')
  pass(1)
  expect(await attempt(true)).toBe('right')
  expect(await repeat(5, () => attempt(false))).toEqual(Array(5).fill('wrong'))
})

test('an hour without a wrong password is as good as a right one', async () => {
  const { attempt, pass } = makeWaits()
  await repeat(5, () => attempt(false))
  pass(3601)

  expect(await repeat(5, () => attempt(false))).toEqual(Array(5).fill('wrong'))
})

test('many at once get no more guesses than many in a row', async () => {
  const { attempt } = makeWaits()

  const outcomes = await Promise.all(Array.from({ length: 16 }, () => attempt(false)))

  expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5)
  expect(outcomes.filter((outcome) => outcome === 1)).toHaveLength(11)
})

test('a try that fails for another reason counts as none', async () => {
  const waits = createLoginWaits(loadConfig({}))
  const broken = () => waits.attempt('user:1', () => Promise.reject(new Error('database away')))

  await repeat(8, () => broken().catch(() => {}))

  expect(await waits.attempt('user:1', async () => 'in')).toBe('in')
})

test('the factor multiplies the free tries, and 0 takes the waits away', async () => {
  const [generous, none] = [makeWaits({ RATE_LIMIT_FACTOR: '2' }), makeWaits({ RATE_LIMIT_FACTOR: '0' })]

  expect(await repeat(10, () => generous.attempt(false))).toEqual(Array(10).fill('wrong'))
  expect(await generous.attempt(false)).toBe(1)
  expect(await repeat(20, () => none.attempt(false))).toEqual(Array(20).fill('wrong'))
})

test('the sixth try of an account is told to wait, under its address and in the profile too, but not other accounts', async () => {
  // Its waits do not pass while the machine is busy.
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const server = await startTestServer({ RATE_LIMIT_FACTOR: '1' })
  const [ada, bob] = await server.people('ada', 'bob')
  const logIn = (identifier: string, password: string) => server.anonymous.post('/api/login/', { identifier, password })

  const wrong = await repeat(5, () => logIn(ada.username, 'nope'))
  const right = await logIn(ada.email.toUpperCase(), PASSWORD)

  expect(wrong.map((reply) => reply.status)).toEqual(Array(5).fill(400))
  expect(right).toMatchObject({
    status: 429,
    body: { detail: 'Request was throttled. Expected available in 1 seconds.' },
  })
  expect(right.headers.get('retry-after')).toBe('1')
  expect((await logIn(bob.username, PASSWORD)).status).toBe(200)
  vi.setSystemTime(Date.now() + 1_000)
  expect((await logIn(ada.email, PASSWORD)).status).toBe(200)

  const change = { old_password: 'nope', new_password: 'N3w-passw0rd', confirm_password: 'N3w-passw0rd' }
  const changes = await repeat(6, () => ada.patch('/api/profile/', change))
  expect(changes.map((reply) => reply.status)).toEqual([...Array(5).fill(400), 429])
})
