import { holdAnswer } from '@confab/testkit/late-answer'
import { type Person, startTestServer } from '@confab/testkit/server'
import { beforeEach, expect, test } from 'vitest'

const server = await startTestServer()
let ada: Person
let bob: Person
let room: number

beforeEach(async () => {
  ;[ada, bob] = await server.people('ada', 'bob')
  room = (await server.group(ada, [bob])).id
})

const remove = () => ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })

test('who is removed from a room while it is looked up whether they are in it is refused its socket', async () => {
  const membership = holdAnswer('FROM rooms r JOIN room_members m ON m.room_id = r.id', bob.id)
  const refused = expect(bob.connect(`/ws/chat/${room}/`)).rejects.toThrow('refused: 403')
  await membership.answered

  await remove()
  membership.release()

  await refused
})

test('who is removed from a room while its last message is looked up for their sidebar is not told it', async () => {
  const bobs = await bob.connect('/ws/sidebar/')
  const look = holdAnswer('AS w (room_id, user_id)', room)
  await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'between us' })
  await look.answered

  await remove()
  expect(await bobs.next('group_removed')).toMatchObject({ group_id: room })
  look.release()

  const { id: kept } = await server.group(ada, [bob])
  await ada.post(`/api/chatrooms/${kept}/messages/`, { content: 'still here' })
  expect(await bobs.next('last_message_updated')).toMatchObject({ group_id: kept })
})
