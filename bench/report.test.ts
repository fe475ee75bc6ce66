import { expect, test } from 'vitest'
import { isMet, type Result, ratioOf, toTable } from './report.ts'

const row: Result = { name: 'sends', unit: 'messages/s', value: 600, baseline: 1000 }

test.each<[string, Partial<Result>, boolean | undefined]>([
  ['without a target', {}, undefined],
  ['on its lower bound', { limit: { atLeast: 600 } }, true],
  ['below its lower bound', { limit: { atLeast: 601 } }, false],
  ['above its upper bound', { limit: { atMost: 599 } }, false],
  ['with the ratio it has to keep', { ratioLimit: { atLeast: 0.6 } }, true],
  ['with too small a ratio', { limit: { atLeast: 1 }, ratioLimit: { atLeast: 0.61 } }, false],
  ['with a ratio to keep and no baseline', { baseline: undefined, ratioLimit: { atLeast: 0.6 } }, undefined],
])('a row %s', (_name, change, expected) => {
  expect(isMet({ ...row, ...change })).toBe(expected)
})

test('the ratio is the share of the baseline', () => {
  expect(ratioOf(row)).toBe(0.6)
})

test('the table stands in columns, and a miss says so', () => {
  const table = toTable([
    { ...row, limit: { atLeast: 5000 }, latency: { p50: 1.234, p99: 12.34, max: 20 } },
    { name: 'first start', unit: 's', value: 1.5, limit: { atMost: 4 } },
  ])

  const [headings = '', first = '', second = ''] = table.split('\n')
  expect(first).toMatch(/^sends +600 +messages\/s +1\.23 +12\.3 +1,000 +0\.6 +>= 5,000 +MISSED$/)
  expect(second).toMatch(/^first start +1\.5 +s +<= 4 +met$/)
  expect(first.indexOf('>= 5,000')).toBe(headings.indexOf('target'))
  expect(second.indexOf('<= 4')).toBe(headings.indexOf('target'))
})
