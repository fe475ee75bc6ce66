import { expect, test } from 'vitest'
import { type Options, parseOptions, toArguments } from './options.ts'

test('the arguments that a run gives for itself mean that run', () => {
  const options: Options = {
    seed: 'any text',
    seconds: 61,
    faults: 7,
    clients: 5,
    pauseMs: 90,
    rooms: 2,
    nodes: 1,
    isBroken: true,
    isKept: true,
  }

  expect(parseOptions(toArguments(options))).toEqual(options)
  const other = { ...options, isBroken: false, isKept: false }
  expect(parseOptions(toArguments(other))).toEqual(other)
})

test.each([
  ['--seconds', '0', 'at least 1'],
  ['--clients', '3', 'at least 4'],
  ['--pause', 'long', 'at least 1'],
])('%s %s is refused with what is expected', (name, value, expected) => {
  expect(() => parseOptions([name, value])).toThrow(`${name} ${value}: expected a whole number, ${expected}`)
})
