import { useMemo } from 'react'
import { type IntlShape, useIntl } from 'react-intl'
import { useToday } from './today.ts'

/** Times, sizes and numbers as people of the language write them. Times are ISO 8601 or Date; sizes bytes. */
export type Formats = Readonly<{
  /** 14:05 */
  time(at: Time): string
  /** Today the time, in the last week the day, before that the date: for lists. */
  brief(at: Time, now?: Date): string
  /** Today, yesterday, Monday, 3 March, 3 March 2024: for separators. */
  day(at: Time, now?: Date): string
  /** 3 March 2024 at 14:05:09: for tooltips. */
  exact(at: Time): string
  /** 5 minutes ago. */
  relative(at: Time, now?: Date): string
  /** 1.4 MB */
  bytes(size: number): string
  /** 1.2K */
  compact(count: number): string
  /** Ada, Grace and Alan. */
  list(names: readonly string[]): string
}>

type Time = string | Date

const DAY_MS = 86_400_000

/** The formats of the person's language. They are others on the next day, which has another yesterday. */
export function useFormats(): Formats {
  const intl = useIntl()
  const today = useToday()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is made from the formats depends on the day
  return useMemo(() => makeFormats(intl), [intl, today])
}

/** The same, outside of components. */
export function makeFormats(
  intl: Pick<IntlShape, 'formatDate' | 'formatNumber' | 'formatRelativeTime' | 'formatList'>,
): Formats {
  const { formatDate } = intl
  const time = (at: Time) => formatDate(at, { hour: 'numeric', minute: '2-digit' })
  const date = (at: Time, now: Date) => {
    const isThisYear = new Date(at).getFullYear() === now.getFullYear()
    return formatDate(at, { day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }) })
  }
  return {
    time,
    brief(at, now = new Date()) {
      const days = daysBetween(new Date(at), now)
      if (days <= 0) return time(at)
      if (days < 7) return formatDate(at, { weekday: 'short' })
      return formatDate(at, { day: 'numeric', month: 'numeric', year: '2-digit' })
    },
    day(at, now = new Date()) {
      const days = daysBetween(new Date(at), now)
      if (days === 0 || days === 1) return capital(intl.formatRelativeTime(-days, 'day', { numeric: 'auto' }))
      return days > 0 && days < 7 ? formatDate(at, { weekday: 'long' }) : date(at, now)
    },
    exact: (at) => formatDate(at, { dateStyle: 'long', timeStyle: 'medium' }),
    relative: (at, now = new Date()) => relative(intl, new Date(at), now),
    bytes(size) {
      const step = Math.min(Math.floor(Math.log10(Math.max(size, 1)) / 3), units.length - 1)
      const unit = units[step] ?? 'byte'
      const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: step > 1 ? 1 : 0 } as const
      return intl.formatNumber(size / 1_000 ** step, options)
    },
    compact: (count) => intl.formatNumber(count, { notation: 'compact' }),
    list: (names) => intl.formatList(names),
  }
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Midnights between two times, as the device's calendar has them; days of 23 and 25 hours are days. */
function daysBetween(from: Date, to: Date): number {
  const dayOf = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS
  return dayOf(to) - dayOf(from)
}

function relative(intl: Pick<IntlShape, 'formatRelativeTime'>, at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1_000
  const steps = [
    ['second', 1, 45],
    ['minute', 60, 45 * 60],
    ['hour', 3_600, 22 * 3_600],
    ['day', 86_400, 26 * 86_400],
    ['month', 2_629_800, 320 * 86_400],
    ['year', 31_557_600, Number.POSITIVE_INFINITY],
  ] as const
  const [unit, length] = steps.find(([, , limit]) => Math.abs(seconds) < limit) ?? steps[0]
  return intl.formatRelativeTime(Math.round(seconds / length), unit, { numeric: 'auto' })
}

function capital(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1)
}
