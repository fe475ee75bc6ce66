import { describe, expect, test } from 'vitest'
import { type Answer, judgeAnswers } from './answers.ts'

const stored = (id: number, isNew: boolean): Answer => ({ kind: 'ack', data: { message: { id }, is_new: isNew } })
const refused = (code: string): Answer => ({ kind: 'error', code, message: '', retryAfterMs: 0 })

describe('two answers to a send that came twice', () => {
  test.each([
    { what: 'the same message, new once', first: stored(7, true), second: stored(7, false) },
    {
      what: 'the same message, which an earlier attempt had stored',
      first: stored(7, false),
      second: stored(7, false),
    },
    { what: 'one that could not be carried out', first: refused('unavailable'), second: stored(7, true) },
  ])('may be $what', ({ first, second }) => {
    expect(judgeAnswers({ type: 'message.send', first, second })).toBeUndefined()
  })

  test.each([
    { what: 'two messages', first: stored(7, true), second: stored(8, true), says: 'as message 7 and as message 8' },
    { what: 'a message new twice', first: stored(7, true), second: stored(7, true), says: 'new both times' },
    { what: 'an internal error', first: stored(7, true), second: refused('internal'), says: 'internal error' },
  ])('must not be $what', ({ first, second, says }) => {
    expect(judgeAnswers({ type: 'message.send', first, second })).toContain(says)
  })
})

test('a deletion that came twice finds nothing the second time', () => {
  const first: Answer = { kind: 'ack', data: {} }
  expect(judgeAnswers({ type: 'message.delete', first, second: refused('message_not_found') })).toBeUndefined()
})
