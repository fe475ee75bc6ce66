import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'

const server = await startTestServer()

test('a group is made with its creator as admin, and its members see it', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')

  const made = await alice.post('/api/chatrooms/', { room_name: 'Tea party', participant_ids: [bob.id, carol.id] })

  expect(made).toMatchObject({ status: 201, body: { room_name: 'Tea party', group_image: null } })
  const seen = await bob.get(`/api/chatrooms/${made.body.id}/`)
  expect(seen.body).toMatchObject({
    id: made.body.id,
    is_group: true,
    chat_name: 'Tea party',
    group_image: null,
    admins: [{ id: alice.id }],
    member_count: 3,
  })
  expect(seen.body.participants.map((one: { id: number }) => one.id)).toEqual(
    [alice.id, bob.id, carol.id].toSorted((one, other) => one - other),
  )
  expect(seen.body.participants).toContainEqual({
    id: alice.id,
    username: alice.username,
    full_name: null,
    is_admin: true,
    profile_pic: null,
    online_status: false,
    last_seen: null,
  })
  const list = await carol.get('/api/chatrooms/')
  expect(list.body).toMatchObject({ next: null, previous: null, results: [{ id: made.body.id, unread_count: 0 }] })
})
