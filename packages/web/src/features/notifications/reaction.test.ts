import { expect, test } from 'vitest'
import { reactionTo } from './reaction.ts'

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
