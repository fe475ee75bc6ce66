import { expect, test } from 'vitest'
import { expectRecorded } from './recorded.ts'

const recorded = {
  id: 7,
  token: '<jwt>',
  at: '2026-11-22T11:15:35.136745Z',
  pic: 'http://127.0.0.1:58000/media/media/profile_pic/user_1/pic.png',
  none: 'http://127.0.0.1:58000/media/media/profile_pic/default.png',
  next: 'http://127.0.0.1:58000/api/users/?search=a.b',
  list: [{ a: 1 }],
}
const answer = {
  id: 7,
  token: 'a.b.c',
  at: '2030-01-02T03:04:05.678Z',
  pic: 'http://127.0.0.1:8000/media/profile/abc',
  none: null,
  next: 'http://127.0.0.1:8000/api/users/?search=a.b',
  list: [{ a: 1, b: 2 }],
  more: true,
}
const reply = (body: unknown, status = 200) => ({ status, body, headers: new Headers() })

test('an answer that differs in tokens, times, hosts and new fields is as recorded', () => {
  expect(() => expectRecorded(reply(answer), 200, recorded)).not.toThrow()
})

test.each([
  ['another status', reply(answer, 201)],
  ['another value', reply({ ...answer, id: 8 })],
  ['another type', reply({ ...answer, id: '7' })],
  ['a missing field', reply({ ...answer, list: [{}] })],
  ['a longer list', reply({ ...answer, list: [{ a: 1 }, { a: 1 }] })],
  ['something else for a token', reply({ ...answer, token: 'abc' })],
  ['something else for a time', reply({ ...answer, at: 'today' })],
  ['a relative address of a picture', reply({ ...answer, pic: '/media/profile/abc' })],
  ['a default picture', reply({ ...answer, none: recorded.none })],
  ['another address', reply({ ...answer, next: 'http://127.0.0.1:8000/api/users/?search=axb' })],
  ['nothing', reply(undefined)],
])('%s is not as recorded', (_what, other) => {
  expect(() => expectRecorded(other, 200, recorded)).toThrow()
})
