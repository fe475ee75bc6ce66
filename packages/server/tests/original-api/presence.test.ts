import { describe, expect, test } from 'vitest'
import { startCast } from './cast.ts'
import { expectRecorded } from './recorded.ts'

const cast = await startCast({ PRESENCE_GRACE_SECONDS: '1' })
const { server, alice, bob } = cast
const direct = (await server.befriend(alice, bob)).roomId

/** What alice sees of bob. */
async function bobSeen() {
  const { participants } = (await alice.get(`/api/chatrooms/${direct}/`)).body
  return participants.find((one: { id: number }) => one.id === bob.id)
}

const isBob = (online: boolean) => (frame: Record<string, unknown>) =>
  frame.type === 'presence' && frame.user_id === bob.id && frame.online_status === online

describe('where presence went wrong in the original', () => {
  test('one is online while any socket is open, whichever it is', async () => {
    const alices = await alice.connect('/ws/sidebar/')
    const sidebar = await bob.connect('/ws/sidebar/')
    const second = await bob.connect('/ws/sidebar/')
    const chat = await bob.connect(`/ws/chat/${direct}/`)
    await alices.nextWhere(isBob(true))
    expect(await bobSeen()).toMatchObject({ online_status: true })

    await sidebar.close()
    expect(await bobSeen()).toMatchObject({ online_status: true })
    await second.close()
    expect(await bobSeen()).toMatchObject({ online_status: true })

    chat.terminate()
    const gone = await alices.nextWhere(isBob(false))
    expect(gone).toMatchObject({ last_seen: expect.stringMatching(/Z$/) })
    expect(await bobSeen()).toMatchObject({ online_status: false, last_seen: gone.last_seen })
  })

  test('a chat socket alone makes one online, and people hear of it without asking', async () => {
    const alices = await alice.connect('/ws/sidebar/')
    const chat = await bob.connect(`/ws/chat/${direct}/`)
    await alices.nextWhere(isBob(true))
    expectRecorded(await alice.get('/api/friends/2/'), 200, { username: 'bob', online_status: true })
    await chat.close()
    await alices.nextWhere(isBob(false))
    expectRecorded(await alice.get('/api/friends/2/'), 200, { username: 'bob', online_status: false })
  })
})
