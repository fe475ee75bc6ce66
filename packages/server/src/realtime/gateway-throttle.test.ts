import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { Frame, TestSocket } from '@confab/testkit/socket'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { greetGateway } from './testing.ts'

/** More than a socket may send at once, also while the server takes its time with them. */
const MANY = 200

/** More than a socket may send at once where nobody says otherwise, and fewer than it may have under way. */
const SOME = 90

let server: TestServer
let ada: Person

beforeAll(async () => {
  server = await startTestServer({ RATE_LIMIT_FACTOR: '1' })
  ada = await server.person('ada')
})

/** What is answered to frames sent at once by a socket that is live. */
async function answersTo(
  frames: readonly unknown[],
  person = ada,
): Promise<{ socket: TestSocket; ready: Frame; answers: Frame[] }> {
  const socket = await person.connect('/ws/')
  socket.send({ type: 'hello' })
  const ready = await socket.next('ready')
  for (const frame of frames) socket.send(frame)
  const answers: Frame[] = []
  while (answers.length < frames.length) answers.push(await socket.nextWhere(({ type }) => type === 'error'))
  return { socket, ready, answers }
}

test('of a socket 100 commands may be under way, and one more is answered by its ref', async () => {
  const free = await startTestServer()
  const [bob, cyd] = await free.people('bob', 'cyd')
  const { id: room } = await free.group(bob, [cyd])
  const { socket } = await greetGateway(free, bob)
  const holder = await free.database.pool.connect()
  onTestFinished(() => holder.release(true))
  await holder.query('BEGIN')
  await holder.query('SELECT FROM rooms WHERE id = $1 FOR UPDATE', [room])
  const send = (ref: string) => socket.send({ type: 'message.send', ref, room, content: ref, client_id: ref })

  for (let count = 0; count < 101; count++) send(`${count}`)
  const refused = await socket.nextWhere(({ type }) => type === 'error', 20_000)
  await holder.query('COMMIT')
  const acknowledged = new Set<unknown>()
  while (acknowledged.size < 100) acknowledged.add((await socket.nextWhere(({ type }) => type === 'ack', 20_000)).ref)
  send('101')

  expect(refused).toMatchObject({ ref: '100', code: 'throttled', retry_after_ms: 1_000 })
  expect(acknowledged).not.toContain('100')
  expect(await socket.nextWhere(({ ref }) => ref === '101')).toMatchObject({ type: 'ack' })
})

describe('too many frames', () => {
  test('every one is answered by its ref, those that are too many with when to send them again', async () => {
    const commands = Array.from({ length: MANY }, (_, index) => ({
      type: 'no.such',
      content: 'x'.repeat(index % 2 === 0 ? 1 : 5_000),
      ref: `${index}`,
    }))

    const { socket, answers } = await answersTo(commands)

    expect(new Set(answers.map(({ ref }) => ref))).toEqual(new Set(commands.map(({ ref }) => ref)))
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['unknown_command', 'throttled']))
    for (const answer of answers) {
      if (answer.code === 'throttled') expect(answer).toMatchObject({ retry_after_ms: 1_000 })
    }
    expect(socket.isOpen).toBe(true)
  })

  test('what cannot be read is throttled without a ref, and what is no text is told so', async () => {
    const { answers } = await answersTo(Array.from({ length: MANY }, () => 'no JSON'))
    const { answers: binary } = await answersTo(Array.from({ length: MANY }, () => Buffer.from([1])))

    const throttled = answers.find(({ code }) => code === 'throttled')
    expect(throttled).toMatchObject({ retry_after_ms: 1_000 })
    expect(throttled).not.toHaveProperty('ref')
    expect(binary.map(({ message }) => message)).toContain('Too many frames, slow down.')
  })

  test.each([
    // The hello is one of them.
    ['SOCKET_FRAMES_PER_SECOND and RATE_LIMIT_FACTOR say how many are not', { factor: '2', perSecond: 4, least: 11 }],
    ['RATE_LIMIT_FACTOR 0 says that none are', { factor: '0', perSecond: 0, least: SOME }],
  ])('%s', async (_, { factor, perSecond, least }) => {
    const limited = await startTestServer({ SOCKET_FRAMES_PER_SECOND: '2', RATE_LIMIT_FACTOR: factor })
    const begun = performance.now()

    const { ready, answers } = await answersTo(
      Array.from({ length: SOME }, (_, index) => ({ type: 'no.such', ref: `${index}` })),
      await limited.person('ada'),
    )

    expect(ready.limits).toMatchObject({ frames_per_second: perSecond })
    const taken = answers.filter(({ code }) => code === 'unknown_command').length
    const most = least + 4 * Math.ceil((performance.now() - begun) / 1_000)
    expect(taken).toBeGreaterThanOrEqual(least)
    expect(taken).toBeLessThanOrEqual(most)
  })
})
