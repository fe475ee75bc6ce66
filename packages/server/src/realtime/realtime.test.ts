import { setImmediate } from 'node:timers/promises'
import pino from 'pino'
import { expect, test } from 'vitest'
import type { Core } from '../ctx.ts'
import type { LoggedEvent } from './bus.ts'
import { MemoryBus } from './memory-bus.ts'
import { Realtime } from './realtime.ts'

test('much that is committed at once is published in several turns, in order, and what comes then after it', async () => {
  // Nobody follows the topics, so that the database is never asked.
  const db = {} as Core['database']['kysely']
  const realtime = new Realtime({ bus: new MemoryBus(), db, log: pino({ enabled: false }) })
  const published: number[][] = []
  realtime.onPublished((events) => published.push(events.map(({ seq }) => seq)))
  const events = Array.from({ length: 2_501 }, (_, index): LoggedEvent => {
    return { topic: `user:${index + 1}`, seq: index, type: 'any', data: {} }
  })

  realtime.publish(events.slice(0, 2_000))
  realtime.publish(events.slice(2_000, 2_500))
  realtime.publish(events.slice(2_500))

  expect(published).toEqual([])
  const turns: number[] = []
  while (published.flat().length < events.length) {
    const before = published.flat().length
    await setImmediate()
    turns.push(published.flat().length - before)
  }
  expect(Math.max(...turns)).toBeLessThanOrEqual(1_000)
  expect(published.flat()).toEqual(events.map(({ seq }) => seq))
  realtime.publish(events.slice(0, 1))
  expect(published.at(-1)).toEqual([0])
})
