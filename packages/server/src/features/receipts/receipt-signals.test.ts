import { ReceiptMoved } from '@confab/contract/receipts/events'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Core } from '../../ctx.ts'
import { MemoryBus } from '../../realtime/memory-bus.ts'
import { Realtime } from '../../realtime/realtime.ts'
import { ReceiptSignals } from './receipt-signals.ts'

let signals: ReceiptSignals
let realtime: Realtime
let told: string[]
/** Who is in the room no more, by their names' lengths, which are their ids here. */
let gone: Set<number>
/** Whether it cannot be known who is in a room. */
let isAway: boolean
/** What the answer of the database waits for. */
let until: Promise<void> | undefined

beforeEach(() => {
  vi.useFakeTimers()
  // Signals never touch the database; who is in a room is said below.
  const log = pino({ enabled: false })
  realtime = new Realtime({ bus: new MemoryBus(), db: {} as Core['database']['kysely'], log })
  gone = new Set()
  isAway = false
  until = undefined
  const isInRoom = async ({ userId }: { userId: number }) => {
    await until
    if (isAway) throw new Error('the database is away')
    return !gone.has(userId)
  }
  signals = new ReceiptSignals({ services: { realtime }, log } as Core, isInRoom)
  told = []
  realtime.observe(ReceiptMoved, ({ user, room, no }) => told.push(`${user.username} in ${room}: ${no}`))
})

afterEach(() => {
  vi.useRealTimers()
})

function move(no: number, { username = 'ada', room = 1 } = {}): void {
  const user = { id: username.length, username }
  signals.tell({ room, user, message_id: no, no, read_at: '2026-01-01T00:00:00.000Z' })
}

/** What rooms have been told since it was last looked at. */
const heard = () => told.splice(0)

describe('a mark that moves', () => {
  test('is told at once, and then once a second as far as it has come', async () => {
    move(1)
    expect(heard()).toEqual(['ada in 1: 1'])
    for (const no of [2, 5, 3]) move(no)
    await vi.advanceTimersByTimeAsync(999)
    expect(heard()).toEqual([])

    await vi.advanceTimersByTimeAsync(1)
    expect(heard()).toEqual(['ada in 1: 5'])
    move(6)
    expect(heard()).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(heard()).toEqual(['ada in 1: 6'])
  })

  test('is not told again where one that is further was', async () => {
    move(5)
    move(3)
    move(5)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(heard()).toEqual(['ada in 1: 5'])
  })

  test('is not told of who has left while it waited, and at once of who has come back', async () => {
    move(1)
    move(2)
    gone.add('ada'.length)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(heard()).toEqual(['ada in 1: 1'])

    gone.clear()
    move(3)
    expect(heard()).toEqual(['ada in 1: 3'])
  })

  test('is told as far as it has come while it was asked whether its reader is there', async () => {
    move(1)
    move(2)
    vi.advanceTimersByTime(1_000)
    move(3)
    await vi.advanceTimersByTimeAsync(0)
    expect(heard()).toEqual(['ada in 1: 1', 'ada in 1: 3'])
  })

  test.each([
    ['left the room', 'member.removed', { room: 1, user_id: 3 }],
    ['deleted their account', 'user.deleted', { room: 1, user: { id: 3, username: 'deleted:3' } }],
  ])('is not told of who has %s while it was asked whether they are there', async (_what, type, data) => {
    move(1)
    move(2)
    vi.advanceTimersByTime(1_000)
    realtime.publish([{ topic: 'room:1', seq: 1, type, data }])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(heard()).toEqual(['ada in 1: 1'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is not told where it cannot be known whether its reader is there, and the next one at once', async () => {
    move(1)
    move(2)
    isAway = true
    await vi.advanceTimersByTimeAsync(1_000)
    move(3)
    expect(heard()).toEqual(['ada in 1: 1', 'ada in 1: 3'])
  })

  test('is told no more once the server stops', async () => {
    move(1)
    move(2)
    await signals.stop()
    move(3)
    move(1, { room: 2 })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(heard()).toEqual(['ada in 1: 1'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is waited for by a stop while the database is asked, and not told', async () => {
    move(1)
    move(2)
    const answer = Promise.withResolvers<void>()
    until = answer.promise
    vi.advanceTimersByTime(1_000)
    const steps: string[] = []
    const stopped = signals.stop().then(() => steps.push('stopped'))
    await vi.advanceTimersByTimeAsync(10_000)
    steps.push('answered')
    answer.resolve()
    await stopped
    expect(steps).toEqual(['answered', 'stopped'])
    expect(heard()).toEqual(['ada in 1: 1'])
  })

  test('waits for nobody else’s, and for none in another room', () => {
    move(1)
    move(1, { username: 'bobby' })
    move(2, { room: 2 })
    expect(heard()).toEqual(['ada in 1: 1', 'bobby in 1: 1', 'ada in 2: 2'])
  })
})
