import { topicOf } from '@confab/contract/define-event'
import { TypingChanged } from '@confab/contract/typing/events'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Actor, Core } from '../../ctx.ts'
import { MemoryBus } from '../../realtime/memory-bus.ts'
import { Realtime } from '../../realtime/realtime.ts'
import { Typing } from './service.ts'

const ROOM = 5
const actor = (id: number, username: string): Actor => ({ id, username, isStaff: false, sessionId: id })
const ada = actor(1, 'ada')
const bob = actor(2, 'bob')

let realtime: Realtime
let typing: Typing
let told: string[]

beforeEach(() => {
  vi.useFakeTimers()
  // Signals never touch the database.
  realtime = new Realtime({
    bus: new MemoryBus(),
    db: {} as Core['database']['kysely'],
    log: pino({ enabled: false }),
  })
  typing = new Typing({ services: { realtime } } as Core)
  told = []
  realtime.observe(TypingChanged, ({ user, is_typing: isTyping, typists }) => {
    const names = typists.map(({ username }) => username).join(' and ')
    told.push(`${user.username} ${isTyping ? 'types' : 'stops'}: ${names || 'nobody'}`)
  })
})

afterEach(() => {
  vi.useRealTimers()
})

/** Somebody is no longer in the room. */
function remove({ id }: Actor): void {
  const data = { room: ROOM, user_id: id, removed_by: null, reason: 'left' }
  realtime.publish([{ topic: topicOf('room', ROOM), seq: 1, type: 'member.removed', data }])
}

/** What the room has been told since it was last looked at. */
const heard = () => told.splice(0)

describe('typing', () => {
  test('that is not renewed for 6 s expires, and the room is told of an empty list', () => {
    typing.start(ada, ROOM)
    expect(heard()).toEqual(['ada types: ada'])

    vi.advanceTimersByTime(5_999)
    expect(heard()).toEqual([])
    vi.advanceTimersByTime(1)

    expect(heard()).toEqual(['ada stops: nobody'])
    expect(typing.listTypists(ROOM)).toEqual([])
  })

  test('that is renewed goes on, and is told again no more often than every 3 s', () => {
    for (let second = 0; second < 20; second++) {
      typing.start(ada, ROOM)
      vi.advanceTimersByTime(1_000)
    }

    expect(heard()).toEqual(Array(7).fill('ada types: ada'))
    expect(typing.listTypists(ROOM)).toEqual([{ id: ada.id, username: 'ada' }])
  })

  test('that starts and stops in a flood is told as one start and one stop in 3 s', () => {
    for (let count = 0; count < 29; count++) {
      typing.start(ada, ROOM)
      typing.stop(ada, ROOM)
      vi.advanceTimersByTime(100)
    }

    expect(heard()).toEqual(['ada types: ada', 'ada stops: nobody'])
  })

  test('that starts again within 3 s is told when they are over', () => {
    typing.start(ada, ROOM)
    vi.advanceTimersByTime(500)
    typing.stop(ada, ROOM)
    expect(heard()).toEqual(['ada types: ada', 'ada stops: nobody'])

    typing.start(ada, ROOM)
    vi.advanceTimersByTime(2_499)
    expect(heard()).toEqual([])
    vi.advanceTimersByTime(1)

    expect(heard()).toEqual(['ada types: ada'])
  })

  test('that starts again and stops before the 3 s are over is not told', () => {
    for (let count = 0; count < 2; count++) {
      typing.start(ada, ROOM)
      typing.stop(ada, ROOM)
    }
    vi.advanceTimersByTime(10_000)

    expect(heard()).toEqual(['ada types: ada', 'ada stops: nobody'])
  })

  test('that waits to be told is not in the frames of others either, whose limit is their own', () => {
    typing.start(ada, ROOM)
    typing.stop(ada, ROOM)
    typing.start(ada, ROOM)
    typing.start(bob, ROOM)
    typing.start(ada, ROOM + 1)

    expect(heard()).toEqual(['ada types: ada', 'ada stops: nobody', 'bob types: bob', 'ada types: ada'])
    vi.advanceTimersByTime(3_000)
    expect(heard()).toEqual(['ada types: ada and bob'])
  })

  test('ends with the membership: the room is told once, and nothing of what waited to be told', () => {
    typing.start(ada, ROOM)
    typing.start(bob, ROOM)
    typing.stop(ada, ROOM)
    typing.start(ada, ROOM)
    expect(heard()).toHaveLength(3)

    remove(ada)
    remove(bob)
    expect(heard()).toEqual(['bob stops: nobody'])
    vi.advanceTimersByTime(10_000)

    expect(heard()).toEqual([])
  })

  test('of people who never come back leaves nothing running', () => {
    for (const who of [ada, bob]) {
      typing.start(who, ROOM)
      typing.stop(who, ROOM)
      typing.start(who, ROOM)
    }

    vi.advanceTimersByTime(6_000)

    expect(vi.getTimerCount()).toBe(0)
    expect(typing.listTypists(ROOM)).toEqual([])
  })
})
