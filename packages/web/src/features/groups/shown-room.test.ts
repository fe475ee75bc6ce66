import type { Room } from '@confab/client'
import { expect, test } from 'vitest'
import { withGuesses } from './shown-room.ts'

const member = { full_name: null, is_admin: false, profile_pic: null, online_status: false, last_seen: null }
const room: Room = {
  id: 1,
  is_group: true,
  participants: [
    { ...member, id: 1, username: 'ada', is_admin: true },
    { ...member, id: 2, username: 'bob' },
    { ...member, id: 3, username: 'cleo' },
  ],
  admins: [{ id: 1 }],
  group_image: null,
  chat_name: 'Tea party',
  room_name: 'Tea party',
  member_count: 3,
  is_admin: true,
  muted_until: null,
  created_at: '2026-03-01T12:00:00.000Z',
}

test('a room is shown with its new name, and nobody else is', () => {
  const changes = { '1/name': { chat_name: 'Coffee' }, '12/name': { chat_name: 'Other' } }
  expect(withGuesses(room, changes, {}, 1).chat_name).toBe('Coffee')
  expect(withGuesses(room, { '12/name': { chat_name: 'Other' } }, {}, 1)).toEqual(room)
})

test('who stops being an admin is none, and nothing else about them changes', () => {
  const { participants, is_admin } = withGuesses(room, {}, { '1/1': 'member' }, 2)
  expect(participants).toEqual(room.participants.map((one) => ({ ...one, is_admin: false })))
  expect(is_admin).toBe(true)
  expect(withGuesses(room, {}, { '1/1': 'member' }, 1).is_admin).toBe(false)
})

test('who is being removed is not shown nor counted, and who becomes an admin is one', () => {
  const shown = withGuesses(room, {}, { '1/2': 'removed', '1/3': 'admin', '11/1': 'removed' }, 1)
  expect(shown.participants.map(({ username, is_admin }) => [username, is_admin])).toEqual([
    ['ada', true],
    ['cleo', true],
  ])
  expect(shown.member_count).toBe(2)
})
