import type { RoomEntry } from '@confab/client'
import { expect, test } from 'vitest'
import { filterRooms, isMuted, neighbourOf } from './filters.ts'

function room(id: number, more: Partial<RoomEntry> = {}): RoomEntry {
  return {
    id,
    chat_name: `Room ${id}`,
    group_image: null,
    is_group: true,
    peer_id: null,
    last_message: null,
    unread_count: 0,
    mention_count: 0,
    read_no: 0,
    last_no: 0,
    muted_until: null,
    active_at: '2026-03-01T12:00:00Z',
    counted: [],
    recountedBy: undefined,
    ...more,
  }
}

const rooms = [room(1, { unread_count: 2 }), room(2, { is_group: false, peer_id: 7 }), room(3)]
const ids = (found: readonly RoomEntry[]) => found.map(({ id }) => id)

test('a filter shows what it says, in the order of the list', () => {
  expect(ids(filterRooms(rooms, 'all', undefined))).toEqual([1, 2, 3])
  expect(ids(filterRooms(rooms, 'unread', undefined))).toEqual([1])
  expect(ids(filterRooms(rooms, 'direct', undefined))).toEqual([2])
  expect(ids(filterRooms(rooms, 'groups', undefined))).toEqual([1, 3])
})

test('a room that is being read stays among the unread', () => {
  expect(ids(filterRooms(rooms, 'unread', 3))).toEqual([1, 3])
})

test('the neighbours of a room end at the ends of the list, and nothing open leads to the first', () => {
  expect(neighbourOf(rooms, 1, 1)?.id).toBe(2)
  expect(neighbourOf(rooms, 2, -1)?.id).toBe(1)
  expect(neighbourOf(rooms, 3, 1)).toBeUndefined()
  expect(neighbourOf(rooms, 1, -1)).toBeUndefined()
  expect(neighbourOf(rooms, undefined, 1)?.id).toBe(1)
  expect(neighbourOf(rooms, undefined, -1)).toBeUndefined()
})

test('a room is muted until its time has come', () => {
  const muted = room(1, { muted_until: '2026-03-01T13:00:00Z' })
  expect(isMuted(muted, new Date('2026-03-01T12:59:59Z'))).toBe(true)
  expect(isMuted(muted, new Date('2026-03-01T13:00:00Z'))).toBe(false)
  expect(isMuted(room(1), new Date())).toBe(false)
})
