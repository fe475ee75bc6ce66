import { startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { inTransaction } from '../../ctx.ts'
import { NotificationJobs } from './jobs.ts'
import { lockRoomForReading } from './queries.ts'
import { markRoomRead } from './service.ts'
import { listenTo, notificationsOf, send } from './testing.ts'

const server = await startTestServer()
const db = server.database.kysely

/** Does something while no member of the room is told of anything. */
function whileTellerWaits(roomId: number, act: () => Promise<void>): Promise<void> {
  return inTransaction(server.core, async (tx) => {
    await sql`INSERT INTO consumer_positions VALUES ('notifications', ${roomId}, 0)`.execute(tx)
    await act()
  })
}

/** The database sessions that wait for a room's readers to commit: those of tellers. */
async function waitingForRoom(): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(db)
  return rows.map((row) => row.pid)
}

describe('a message', () => {
  test('is told to every member but its sender, once', async () => {
    const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
    const { id: room } = await server.group(ada, [bob, eve], 'Tea party')

    const message = await send(ada, room, 'the kettle is on')

    for (const reader of [bob, eve]) {
      const told = (await notificationsOf(server, reader)).filter((one) => one.notification_type !== 'room_invite')
      expect(told).toEqual([
        {
          id: expect.any(Number),
          sender: ada.username,
          message: 'the kettle is on',
          chat_name: 'Tea party',
          timestamp: expect.any(String),
          is_read: false,
          notification_type: 'new_message',
          room_id: room,
          message_id: message.id,
          message_no: message.no,
          friend_request: null,
        },
      ])
    }
    expect(await notificationsOf(server, ada)).toEqual([])
  })

  test('in a direct room bears the name of the other person', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await ada.patch('/api/profile/', { first_name: 'Ada', last_name: 'Lovelace' })
    await send(ada, roomId, 'hi')
    await send(bob, roomId, 'hello')

    expect((await notificationsOf(server, bob))[0]).toMatchObject({ chat_name: 'Ada Lovelace', message: 'hi' })
    expect((await notificationsOf(server, ada))[0]).toMatchObject({ chat_name: bob.username, message: 'hello' })
  })

  test('that names a member is a mention to them and a message to the others', async () => {
    const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
    const { id: room } = await server.group(ada, [bob, eve])
    await send(ada, room, `look, @${bob.username.toUpperCase()}, and @${ada.username}, @nobody`)

    expect((await notificationsOf(server, bob))[0]).toMatchObject({ notification_type: 'mention' })
    expect((await notificationsOf(server, eve))[0]).toMatchObject({ notification_type: 'new_message' })
    expect(await notificationsOf(server, ada)).toEqual([])
  })

  test('does not tell somebody outside whom it names', async () => {
    const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
    const { id: room } = await server.group(ada, [bob])
    await send(ada, room, `@${eve.username}`)

    expect(await notificationsOf(server, eve)).toEqual([])
    expect((await notificationsOf(server, bob))[0]).toMatchObject({ notification_type: 'new_message' })
  })

  test('is not told to members who muted the room, mentioned or not, until that ends', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const mute = (until: string) =>
      sql`UPDATE room_members SET muted_until = ${until}::timestamptz WHERE room_id = ${room} AND user_id = ${bob.id}`.execute(
        db,
      )
    await mute('infinity')
    await send(ada, room, `psst @${bob.username}`)
    await server.core.services.notifications.settled(10_000)
    await mute('2020-01-01')
    await send(ada, room, 'loud')

    expect((await notificationsOf(server, bob)).map((one) => one.message)).toEqual(['loud', expect.any(String)])
  })

  test.each(['blocked', 'blocking'])('is not told to a member %s its sender', async (side) => {
    const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
    const { id: room } = await server.group(ada, [bob, eve])
    const [blocker, blocked] = side === 'blocked' ? [ada, bob] : [bob, ada]
    await sql`INSERT INTO blocks (blocker_id, blocked_id) VALUES (${blocker.id}, ${blocked.id})`.execute(db)
    await send(ada, room, `hello @${bob.username}`)

    expect((await notificationsOf(server, eve))[0]).toMatchObject({ notification_type: 'new_message' })
    expect((await notificationsOf(server, bob)).map((one) => one.notification_type)).toEqual(['room_invite'])
  })

  test('is not told to a member who came later', async () => {
    const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
    const { id: room } = await server.group(ada, [bob])
    await whileTellerWaits(room, async () => {
      await send(ada, room, 'before her')
      expect((await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [eve.id] })).status).toBe(200)
    })

    expect((await notificationsOf(server, bob)).map((one) => one.message)).toContain('before her')
    expect((await notificationsOf(server, eve)).map((one) => one.notification_type)).toEqual(['room_invite'])
  })

  test('is told to the devices of its readers, long texts cut', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const [toBob, toAda] = [await listenTo(server, bob), await listenTo(server, ada)]
    const message = await send(ada, room, 'x'.repeat(900))

    const [stored] = await notificationsOf(server, bob)
    expect(stored?.message).toHaveLength(900)
    const told = { ...stored, message: 'x'.repeat(500), message_id: message.id }
    expect(toBob.map(({ data }) => data)).toEqual([{ notifications: [told] }])
    expect(toAda).toEqual([])
  })

  test('that was deleted is no notification any more, and neither are those of a room that was left', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const message = await send(ada, room, 'oops')
    await send(ada, room, 'better')
    await notificationsOf(server, bob)
    await ada.delete(`/api/chatrooms/${room}/messages/${message.id}/`)
    const texts = (await notificationsOf(server, bob, '?search=message')).map((one) => one.message)
    expect(texts).toEqual(['better'])

    expect((await bob.post(`/api/chatrooms/${room}/leave_room/`)).status).toBe(200)
    expect(await notificationsOf(server, bob)).toEqual([])
    expect(await notificationsOf(server, bob, 'unread/')).toEqual([])
  })
})

test('of a deleted message nothing is left to be counted', async () => {
  const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
  const { id: room } = await server.group(ada, [bob, eve])
  const messages = [await send(ada, room, 'one'), await send(ada, room, 'two'), await send(ada, room, 'three')]
  await notificationsOf(server, bob)
  await eve.post(`/api/chatrooms/${room}/mark_as_read/`)
  for (const { id } of messages.slice(0, 2)) await ada.delete(`/api/chatrooms/${room}/messages/${id}/`)
  await notificationsOf(server, bob)

  const { rows } = await sql`
    SELECT user_id::int, message_no::int AS no FROM notifications
    WHERE room_id = ${room} AND message_no IS NOT NULL AND NOT is_read`.execute(db)
  expect(rows).toEqual([{ user_id: bob.id, no: 3 }])
})

describe('who is no longer in a room', () => {
  test.each(['removed', 'leaving', 'by its end'])('is told how much is unread without it: %s', async (how) => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const { id: other } = await server.group(ada, [bob])
    for (const text of ['one', 'two']) await send(ada, room, text)
    await send(ada, other, 'elsewhere')
    await notificationsOf(server, bob)
    const heard = await listenTo(server, bob)

    if (how === 'removed') await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })
    else if (how === 'leaving') await bob.post(`/api/chatrooms/${room}/leave_room/`)
    else await ada.delete(`/api/chatrooms/${room}/`)

    const unread = await notificationsOf(server, bob, 'unread/')
    expect(unread.map((one) => one.room_id)).toEqual([other, other])
    expect(heard).toEqual([
      { type: 'notification.deleted', seq: expect.any(Number), data: { room_id: room, unread_count: 2 } },
    ])
  })

  test('and comes back to it has the new invitation only', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })
    const heard = await listenTo(server, bob)
    await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [bob.id] })

    const unread = await notificationsOf(server, bob, 'unread/')
    expect(heard.map(({ data }) => data)).toEqual([{ notifications: unread }])
    expect(unread).toMatchObject([{ notification_type: 'room_invite', room_id: room }])
  })
})

describe('reading a room', () => {
  test('marks the notifications of its messages up to there', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const { id: other } = await server.group(ada, [bob])
    const messages = [await send(ada, room, 'one'), await send(ada, room, 'two'), await send(ada, room, 'three')]
    await send(ada, other, 'elsewhere')
    await notificationsOf(server, bob)
    const heard = await listenTo(server, bob)
    await bob.post(`/api/chatrooms/${room}/messages/${messages[1]?.id}/mark_as_read/`)

    const unread = await notificationsOf(server, bob, 'unread/?search=message')
    expect(unread.map((one) => one.message)).toEqual(['elsewhere', 'three'])
    const unread_count = (await notificationsOf(server, bob, 'unread/')).length
    expect(heard.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'notification.read', data: { room_id: room, up_to: 2, unread_count } },
    ])
  })

  test('before its members are told leaves nothing unread', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const heard = await listenTo(server, bob)
    await whileTellerWaits(room, async () => {
      const message = await send(ada, room, 'already seen')
      await bob.post(`/api/chatrooms/${room}/messages/${message.id}/mark_as_read/`)
    })

    expect((await notificationsOf(server, bob))[0]).toMatchObject({ message: 'already seen', is_read: true })
    expect(heard).toMatchObject([{ data: { notifications: [{ message: 'already seen', is_read: true }] } }])
  })

  test('keeps those who are told of its messages waiting until it has committed', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    await inTransaction(server.core, async (tx) => {
      await sql`UPDATE room_members SET read_no = 1 WHERE room_id = ${room} AND user_id = ${bob.id}`.execute(tx)
      await markRoomRead(tx, bob.id, room, 1)
      await send(ada, room, 'being read')
      await vi.waitFor(async () => expect(await waitingForRoom()).toHaveLength(1), 10_000)
    })

    expect((await notificationsOf(server, bob))[0]).toMatchObject({ message: 'being read', is_read: true })
  })

  test('while it is being written to never leaves a read message unread', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const message = await send(ada, room, `number ${index}`)
        await bob.post(`/api/chatrooms/${room}/messages/${message.id}/mark_as_read/`)
      }),
    )
    const all = await notificationsOf(server, bob, '?search=message')
    expect(all).toHaveLength(24)
    expect(all.filter((one) => !one.is_read)).toEqual([])
  })
})

describe('the teller', () => {
  test('tells what comes at the same time by as few events as hold it, in order, each thing once', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const heard = await listenTo(server, bob)
    const sent = Array.from({ length: 45 }, (_, index) => `number ${index}`)
    await whileTellerWaits(room, async () => {
      for (const text of sent) await send(ada, room, text)
    })
    await notificationsOf(server, bob)

    await vi.waitFor(() => expect(heard).toHaveLength(3), 10_000)
    const told = heard.map(({ data }) => Object(data).notifications.map((one: { message: string }) => one.message))
    expect(told.flat()).toEqual(sent)
    expect(told.map(({ length }) => length)).toEqual([20, 20, 5])
    const first = heard[0]?.seq ?? 0
    expect(heard.map(({ seq }) => seq)).toEqual([first, first + 1, first + 2])
  })

  test('that fails in the middle tells everyone once when it is back', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    await inTransaction(server.core, async (tx) => {
      await lockRoomForReading(tx, room)
      await send(ada, room, 'first')
      await vi.waitFor(async () => {
        const [pid] = await waitingForRoom()
        expect((await sql`SELECT pg_cancel_backend(${pid ?? 0}::integer) AS done`.execute(db)).rows).toEqual([
          { done: true },
        ])
      }, 10_000)
      await send(ada, room, 'second')
    })

    const told = await notificationsOf(server, bob, '?search=message')
    expect(told.map((one) => one.message)).toEqual(['second', 'first'])
  })

  test('shares the work with that of another server, each message told once', async () => {
    const other = new NotificationJobs(server.core)
    other.start()
    const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
    const rooms = await Promise.all(Array.from({ length: 4 }, () => server.group(ada, [bob, eve])))
    const sent = Array.from({ length: 80 }, (_, index) => `number ${index}`)
    await Promise.all(sent.map((text, index) => send(ada, rooms[index % rooms.length]?.id ?? 0, text)))
    await other.settled(10_000)
    await other.stop()

    for (const reader of [bob, eve]) {
      const told = await notificationsOf(server, reader, '?search=message&limit=500')
      expect(told.map((one) => one.message).sort()).toEqual([...sent].sort())
    }
  })
})

describe('a large room', async () => {
  const small = await startTestServer({ NOTIFY_MAX_MEMBERS: '2' })

  test('tells only those who are mentioned', async () => {
    const [ada, bob, eve] = await small.people('ada', 'bob', 'eve')
    const { id: room } = await small.group(ada, [bob, eve])
    await send(ada, room, 'to all')
    await send(ada, room, `to @${bob.username}`)

    const types = async (reader: typeof bob) =>
      (await notificationsOf(small, reader)).map((one) => one.notification_type)
    expect(await types(bob)).toEqual(['mention', 'room_invite'])
    expect(await types(eve)).toEqual(['room_invite'])
  })

  test('of as many members as are told tells all of them', async () => {
    const [ada, bob] = await small.people('ada', 'bob')
    const { id: room } = await small.group(ada, [bob])
    await send(ada, room, 'to all')
    expect((await notificationsOf(small, bob))[0]).toMatchObject({ message: 'to all' })
  })
})
