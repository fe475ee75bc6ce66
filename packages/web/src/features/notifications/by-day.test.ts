import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byDay } from './by-day.ts'

const at = (date: Date) => ({ timestamp: date.toISOString() })

test('a day ends at midnight where the device is', () => {
  const days = byDay([
    at(new Date(2026, 4, 3, 0, 1)),
    at(new Date(2026, 4, 2, 23, 59)),
    at(new Date(2026, 4, 2, 0, 0)),
    at(new Date(2025, 4, 2, 12)),
  ])
  expect(days.map(({ items }) => items.length)).toEqual([1, 2, 1])
})

test('nothing is lost, and the order stays', () => {
  const date = fc.date({ min: new Date(2020, 0, 1), max: new Date(2030, 0, 1), noInvalidDate: true })
  fc.assert(
    fc.property(fc.array(date), (dates) => {
      const items = dates.toSorted((one, other) => Number(other) - Number(one)).map(at)
      const days = byDay(items)
      expect(days.flatMap((day) => day.items)).toEqual(items)
      const names = days.map((day) => new Date(day.at).toDateString())
      expect(new Set(names).size).toBe(names.length)
    }),
  )
})
