import { expect, test } from 'vitest'
import { parseOptions, usage } from './options.ts'

const groups = ['send', 'idle']

test('without arguments everything is measured on a server of the run itself', () => {
  expect(parseOptions([], groups)).toEqual({
    only: [],
    seconds: 8,
    minutes: 10,
    url: undefined,
    tokens: [],
    pid: undefined,
  })
})

test('names and tokens may be repeated or listed', () => {
  const args = ['--only', 'send,idle', '--token', 'a', '--token', 'b,c', '--url', 'http://x', '--pid', '7']

  expect(parseOptions(args, groups)).toMatchObject({
    only: ['send', 'idle'],
    tokens: ['a', 'b', 'c'],
    url: 'http://x',
    pid: 7,
  })
})

test.each([
  ['an unknown row', ['--only', 'sends'], '--only sends: expected some of send, idle'],
  ['no time', ['--seconds', '0'], '--seconds 0: expected a number above 0'],
  ['a word for a time', ['--seconds', 'long'], '--seconds long: expected a number above 0'],
  ['a negative number of minutes', ['--minutes=-1'], '--minutes -1: expected a number above 0'],
  ['one token', ['--token', 'a'], '--token: at least two people are needed'],
  ['an unknown option', ['--fast'], "Unknown option '--fast'"],
])('%s is refused with a sentence', (_name, args, message) => {
  expect(() => parseOptions(args, groups)).toThrow(message)
})

test('the help says which rows have to be asked for', () => {
  const text = usage([
    { name: 'send', about: 'sends per second', worksAnywhere: true },
    { name: 'soak', about: 'growth of memory', worksAnywhere: false, isOptional: true },
  ])

  expect(text).toMatch(/^ +send +sends per second$/m)
  expect(text).toMatch(/^ +soak +growth of memory; only where it is named$/m)
})
