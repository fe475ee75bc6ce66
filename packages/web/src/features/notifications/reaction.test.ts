import type { Notification } from '@confab/client'
import { describe, expect, test } from 'vitest'
import { newsOf, reactionTo } from './reaction.ts'

const message = { is_read: false, room_id: 7 }
const all = { desktopNotifications: true, sounds: true }

test.each([
  ['the app is hidden', message, { seen: [], preferences: all, isQuiet: false }, true, true],
  ['the app is seen, at another room', message, { seen: [{ room: 8 }], preferences: all, isQuiet: false }, false, true],
  [
    'the room is looked at',
    message,
    { seen: [{ room: 8 }, { room: 7 }], preferences: all, isQuiet: false },
    false,
    false,
  ],
  ['one is not to be disturbed', message, { seen: [], preferences: all, isQuiet: true }, false, false],
  ['it is read already', { ...message, is_read: true }, { seen: [], preferences: all, isQuiet: false }, false, false],
  [
    'neither is wanted',
    message,
    { seen: [], preferences: { desktopNotifications: false, sounds: false }, isQuiet: false },
    false,
    false,
  ],
  [
    'it is about no room, and none is open',
    { is_read: false, room_id: null },
    { seen: [{ room: undefined }], preferences: all, isQuiet: false },
    false,
    true,
  ],
])('when %s', (_, notification, situation, isShown, isHeard) => {
  expect(reactionTo(notification, situation)).toEqual({ isShown, isHeard })
})

describe('of several that are told at once', () => {
  const now = Date.parse('2026-07-01T12:00:00Z')

  /** A notification of a room, or of none, that was made so many seconds ago. */
  const made = (id: number, room: number | null, secondsAgo = 0, isRead = false): Notification => ({
    id,
    sender: 'bob',
    message: 'hello',
    chat_name: 'Tea party',
    timestamp: new Date(now - secondsAgo * 1000).toISOString(),
    is_read: isRead,
    notification_type: room === null ? 'system' : 'new_message',
    room_id: room,
    message_id: room === null ? null : id,
    message_no: room === null ? null : id,
    friend_request: null,
  })

  const idsOf = (told: readonly Notification[]) => newsOf(told, now).map(({ id }) => id)

  test('the newest of each room is news, and each that is of none', () => {
    expect(idsOf([made(1, 7), made(2, null), made(3, 8), made(4, 7), made(5, null)])).toEqual([2, 3, 4, 5])
  })

  test('what is read already is none, and does not stand in for what is not', () => {
    expect(idsOf([made(1, 7), made(2, 7, 0, true), made(3, 8, 0, true)])).toEqual([1])
  })

  test('who was away for a moment is told what came meanwhile, and after a night nothing of the night', () => {
    expect(idsOf([made(1, 7, 8 * 60 * 60), made(2, 8, 121), made(3, 9, 119), made(4, 7, 5)])).toEqual([3, 4])
  })

  test('one that is of the next second by another clock is news', () => {
    expect(idsOf([made(1, 7, -1)])).toEqual([1])
  })

  test('where all were left out by the time that they are told, nothing is', () => {
    expect(idsOf([])).toEqual([])
  })
})
