import { type Person, startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { connect, until } from './clients.ts'

const server = await startTestServer({ PRESENCE_GRACE_SECONDS: '1' })

/** A socket that keeps the answer to `presence.watch` to itself until it is told to give it. */
class SlowAnswers extends WebSocket {
  static kept: { give?: () => void } = {}

  override set onmessage(listener: ((event: MessageEvent) => void) | null) {
    super.onmessage = (event) => {
      const frame = JSON.parse(String(event.data))
      if (frame.type === 'ack' && 'people' in frame.data) SlowAnswers.kept = { give: () => listener?.(event) }
      else listener?.(event)
    }
  }
}

const isOnline = async (person: Person, of: Person) =>
  (await of.get(`/api/friends/${person.id}/`)).body.online_status === true

test('who came while the answer about who is there was on its way is there', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  await server.befriend(ada, bob)
  const adas = await connect(ada, { WebSocket: SlowAnswers })
  await expect.poll(() => SlowAnswers.kept.give).toBeDefined()
  expect(await isOnline(bob, ada)).toBe(false)

  await connect(bob)
  await until(adas, ({ presence }) => presence[bob.id]?.online_status === true)
  const shown = new Set<boolean | undefined>()
  adas.store.subscribe(() => shown.add(adas.state.presence[bob.id]?.online_status))
  SlowAnswers.kept.give?.()
  await adas.api.accounts.getProfile()

  expect([...shown]).toEqual([true])
})
