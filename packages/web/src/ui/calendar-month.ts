/** The days of a month in weeks, as a calendar shows them. Days are dates at midnight of the device's time. */

/** The day on which a week begins where the language is spoken: 1 is Monday, 7 Sunday. Monday where it is not known. */
export function firstWeekday(locale: string): number {
  const known: object & { getWeekInfo?: () => { firstDay: number } } = new Intl.Locale(locale)
  return known.getWeekInfo?.().firstDay ?? 1
}

/** The weeks that have days of the month in them; undefined stands for a day of another month. */
export function weeksOf(month: Date, firstDay: number): (Date | undefined)[][] {
  const [year, index] = [month.getFullYear(), month.getMonth()]
  const lead = (new Date(year, index, 1).getDay() - (firstDay % 7) + 7) % 7
  const length = new Date(year, index + 1, 0).getDate()
  const weeks = Math.ceil((lead + length) / 7)
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => {
      const date = week * 7 + day - lead + 1
      return date >= 1 && date <= length ? new Date(year, index, date) : undefined
    }),
  )
}

/** The day so many days later. */
export function addDays(day: Date, count: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + count)
}

/** The same day so many months later, or the last one of a month that is too short for it. */
export function addMonths(day: Date, count: number): Date {
  const last = new Date(day.getFullYear(), day.getMonth() + count + 1, 0).getDate()
  return new Date(day.getFullYear(), day.getMonth() + count, Math.min(day.getDate(), last))
}

/** Midnight of a day. */
export function startOfDay(at: Date): Date {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate())
}
