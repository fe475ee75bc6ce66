import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { Frame, TestSocket } from '@confab/testkit/socket'
import { beforeAll, describe, expect, test } from 'vitest'

/** More than a socket may send at once, also while the server takes its time with them. */
const MANY = 200

let server: TestServer
let ada: Person

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.person('ada')
})

/** What is answered to frames sent at once by a socket that is live. */
async function answersTo(frames: readonly unknown[]): Promise<{ socket: TestSocket; answers: Frame[] }> {
  const socket = await ada.connect('/ws/')
  socket.send({ type: 'hello' })
  await socket.next('ready')
  for (const frame of frames) socket.send(frame)
  const answers: Frame[] = []
  while (answers.length < frames.length) answers.push(await socket.nextWhere(({ type }) => type === 'error'))
  return { socket, answers }
}

describe('too many frames', () => {
  test('every one is answered by its ref, those that are too many with when to send them again', async () => {
    const commands = Array.from({ length: MANY }, (_, index) => ({ type: 'no.such', ref: `${index}` }))

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
})
