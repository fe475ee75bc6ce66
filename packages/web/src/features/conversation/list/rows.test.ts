import type { Message, OutboxEntry } from '@confab/client'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildRows, type RowSource } from './rows.ts'

const ME = 1
const START = Date.parse('2026-03-02T10:00:00Z')

/** A message by its number; `minutes` after the first. */
function message(no: number, { sender = 2, minutes = no, clientId = `send-${no}` } = {}): Message {
  return {
    id: 100 + no,
    no,
    room: 7,
    sender: { id: sender, username: `user${sender}` },
    content: `message ${no}`,
    timestamp: new Date(START + minutes * 60_000).toISOString(),
    image: null,
    thumbnail: null,
    image_width: null,
    image_height: null,
    read_statuses: [],
    edited_at: null,
    client_id: clientId,
  }
}

function send(clientId: string, minutes: number): OutboxEntry {
  const createdAt = new Date(START + minutes * 60_000).toISOString()
  const entry = { clientId, room: 7, content: 'on its way', image: undefined, imageSize: undefined, createdAt }
  return { ...entry, order: minutes, status: 'queued', progress: 0, error: undefined }
}

function rowsOf(source: Partial<RowSource>) {
  const nothing = { messages: [], outbox: [], isBeginning: true, newAfter: undefined, lastNo: undefined }
  return buildRows({ ...nothing, me: ME, hidden: new Set<number>(), ...source })
}

/** Kinds of the rows; of messages their number, with `<` where a run begins and `>` where it ends. */
function shapeOf(source: Partial<RowSource>): string[] {
  return rowsOf(source).map((row) => {
    if (row.kind === 'deleted') return `deleted ${row.count}`
    if (row.kind !== 'message' && row.kind !== 'send') return row.kind
    const what = row.kind === 'message' ? row.message.no : 'send'
    return `${row.isFirst ? '<' : ''}${what}${row.isLast ? '>' : ''}`
  })
}

describe('the rows of a conversation', () => {
  test('messages of one sender within five minutes stand together', () => {
    const messages = [
      message(1, { minutes: 0 }),
      message(2, { minutes: 1 }),
      message(3, { minutes: 2, sender: ME }),
      message(4, { minutes: 3 }),
      message(5, { minutes: 9 }),
    ]
    expect(shapeOf({ messages })).toEqual(['beginning', 'day', '<1', '2>', '<3>', '<4>', '<5>'])
  })

  test('a day is named before its first message', () => {
    const messages = [message(1, { minutes: 0 }), message(2, { minutes: 24 * 60 })]
    expect(shapeOf({ messages })).toEqual(['beginning', 'day', '<1>', 'day', '<2>'])
  })

  test('what is on its way stands below its day, where it will be', () => {
    const sent = message(2, { minutes: 24 * 60, sender: ME, clientId: 'mine' })
    const before = rowsOf({ messages: [message(1, { minutes: 0 })], outbox: [send('mine', 24 * 60)] })
    const after = rowsOf({ messages: [message(1, { minutes: 0 }), sent] })
    expect(before.map(({ key }) => key)).toEqual(after.map(({ key }) => key))
    expect(shapeOf({ outbox: [send('first', 0), send('second', 1)] })).toEqual(['beginning', 'day', '<send', 'send>'])
    expect(shapeOf({ messages: [message(1)], lastNo: 2, outbox: [send('mine', 1)] })).toEqual([
      ...['beginning', 'day', '<1>', 'deleted 1', '<send>'],
    ])
  })

  test('where older messages are to come, the first row is a message, that stays when they are there', () => {
    const messages = [message(11), message(12)]
    expect(shapeOf({ messages, isBeginning: false })).toEqual(['11', '12>'])
  })

  test('the divider stands before the first message of others that is new, and one’s own are never new', () => {
    const messages = [message(1), message(2, { sender: ME }), message(3), message(4)]
    expect(shapeOf({ messages, newAfter: 1 })).toEqual(['beginning', 'day', '<1>', '<2>', 'new', '<3', '4>'])
    expect(shapeOf({ messages, newAfter: 4 })).not.toContain('new')
  })

  test('where numbers are missing, messages were deleted, also at the end', () => {
    const messages = [message(1), message(4)]
    expect(shapeOf({ messages, lastNo: 6 })).toEqual(['beginning', 'day', '<1>', 'deleted 2', '<4>', 'deleted 2'])
    expect(shapeOf({ messages, hidden: new Set([104]), lastNo: 4 })).toEqual(['beginning', 'day', '<1>', 'deleted 3'])
  })

  test('what is sent has the key of the message that it becomes, and is never there twice', () => {
    const before = rowsOf({ messages: [message(1, { sender: ME })], outbox: [send('mine', 2)] })
    const mine = message(2, { sender: ME, clientId: 'mine' })
    const both = rowsOf({ messages: [message(1, { sender: ME }), mine], outbox: [send('mine', 2)] })
    const after = rowsOf({ messages: [message(1, { sender: ME }), mine] })
    expect(before.map(({ key }) => key)).toEqual(after.map(({ key }) => key))
    expect(both).toEqual(after)
  })

  test('whatever is in it, every message is there once, in order, by a key of its own', () => {
    const some = fc.array(
      fc.record({
        gap: fc.integer({ min: 1, max: 3 }),
        sender: fc.integer({ min: 1, max: 3 }),
        minutes: fc.nat(2_000),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(some, fc.option(fc.nat(100), { nil: undefined }), (parts, newAfter) => {
        let [no, minutes] = [0, 0]
        const messages = parts.map((part) => {
          no += part.gap
          minutes += part.minutes
          return message(no, { sender: part.sender, minutes })
        })
        const rows = rowsOf({ messages, newAfter })
        const shown = rows.flatMap((row) => (row.kind === 'message' ? [row.message] : []))
        expect(shown).toEqual(messages)
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
        expect(rows.filter(({ kind }) => kind === 'new').length).toBeLessThanOrEqual(1)
      }),
    )
  })
})
