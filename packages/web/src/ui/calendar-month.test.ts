import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMonths, firstWeekday, weeksOf } from './calendar-month.ts'

const months = fc.record({ year: fc.integer({ min: 1990, max: 2090 }), month: fc.integer({ min: 0, max: 11 }) })

test('every day of a month is in its calendar once, in order, below its weekday', () => {
  fc.assert(
    fc.property(months, fc.integer({ min: 1, max: 7 }), ({ year, month }, firstDay) => {
      const weeks = weeksOf(new Date(year, month, 17), firstDay)
      const days = weeks.flat().flatMap((day) => day?.getDate() ?? [])
      expect(days).toEqual(Array.from({ length: new Date(year, month + 1, 0).getDate() }, (_, index) => index + 1))
      for (const week of weeks) {
        expect(week.some((day) => day)).toBe(true)
        for (const [index, day] of week.entries()) if (day) expect(day.getDay()).toBe((firstDay + index) % 7)
      }
    }),
  )
})

test('a month later it is the month after, on the same day or its last', () => {
  expect(addMonths(new Date(2024, 0, 31), 1)).toEqual(new Date(2024, 1, 29))
  expect(addMonths(new Date(2024, 11, 5), 1)).toEqual(new Date(2025, 0, 5))
  expect(addMonths(new Date(2024, 2, 31), -1)).toEqual(new Date(2024, 1, 29))
})

test('weeks begin as they do where the language is spoken', () => {
  expect([firstWeekday('de'), firstWeekday('en-US'), firstWeekday('ar-EG')]).toEqual([1, 7, 6])
})
