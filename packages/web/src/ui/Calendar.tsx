import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useIntl } from 'react-intl'
import { useText } from '../lib/i18n/use-text.ts'
import { addDays, addMonths, firstWeekday, startOfDay, weeksOf } from './calendar-month.ts'
import { classNames } from './class-names.ts'
import { IconButton } from './IconButton.tsx'

export type CalendarProps = {
  /** The day that is chosen, or where to begin. */
  day: Date
  /** The last day that can be chosen. */
  max: Date
  onPick: (day: Date) => void
}

/** A month to choose a day from. Arrow keys go between days, Page Up and Page Down between months (APG's grid of dates). */
export function Calendar({ day, max: latest, onPick }: CalendarProps) {
  const text = useText()
  const { locale, formatDate } = useIntl()
  const max = startOfDay(latest)
  const chosen = startOfDay(day)
  const [current, setCurrent] = useState(chosen)
  const grid = useRef<HTMLTableElement>(null)
  const isByKey = useRef(false)
  const firstDay = firstWeekday(locale)
  const weeks = weeksOf(current, firstDay)
  const show = (next: Date) => setCurrent(next > max ? max : next)
  useEffect(() => {
    if (!isByKey.current) return
    isByKey.current = false
    grid.current?.querySelector<HTMLElement>(`[data-time="${current.getTime()}"]`)?.focus()
  }, [current])

  const onKeyDown = (event: KeyboardEvent) => {
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl'
    const move = moves[isRtl ? (mirrored[event.key] ?? event.key) : event.key]
    if (!move) return
    event.preventDefault()
    isByKey.current = true
    show(move(current, firstDay))
  }
  return (
    <div className="w-72 p-1">
      <div className="flex items-center justify-between pb-1">
        <IconButton
          size="sm"
          label={text('ui.calendar.previous')}
          icon={<ChevronLeft size={18} aria-hidden className="rtl:-scale-x-100" />}
          onClick={() => show(addMonths(current, -1))}
        />
        <span aria-live="polite" className="text-sm font-semibold">
          {formatDate(current, { month: 'long', year: 'numeric' })}
        </span>
        <IconButton
          size="sm"
          label={text('ui.calendar.next')}
          disabled={addMonths(current, 1).setDate(1) > max.getTime()}
          icon={<ChevronRight size={18} aria-hidden className="rtl:-scale-x-100" />}
          onClick={() => show(addMonths(current, 1))}
        />
      </div>
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table of dates is a grid
        role="grid"
        aria-label={text('ui.calendar')}
        onKeyDown={onKeyDown}
        className="w-full table-fixed"
      >
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, index) => {
              // The 1st of January 2024 was a Monday.
              const weekday = new Date(2024, 0, firstDay + index)
              return (
                <th
                  key={weekday.getTime()}
                  abbr={formatDate(weekday, { weekday: 'long' })}
                  className="pb-1 text-2xs font-medium text-muted"
                >
                  {formatDate(weekday, { weekday: 'narrow' })}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week.find((date) => date)?.getTime()}>
              {week.map((date, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: days of other months have nothing but their place
                <td key={index} className="p-0 text-center">
                  {date ? (
                    <button
                      type="button"
                      data-time={date.getTime()}
                      tabIndex={date.getTime() === current.getTime() ? 0 : -1}
                      disabled={date > max}
                      aria-label={formatDate(date, { dateStyle: 'full' })}
                      aria-pressed={date.getTime() === chosen.getTime()}
                      onClick={() => onPick(date)}
                      className={classNames(
                        'size-9 rounded-full text-sm tabular-nums transition-colors disabled:opacity-40',
                        date.getTime() === chosen.getTime()
                          ? 'bg-accent text-on-accent'
                          : 'text-ink enabled:hover:bg-hover',
                      )}
                    >
                      {formatDate(date, { day: 'numeric' })}
                    </button>
                  ) : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Move = (day: Date, firstDay: number) => Date

const moves: Readonly<Record<string, Move | undefined>> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
  Home: (day, firstDay) => addDays(day, -((day.getDay() - (firstDay % 7) + 7) % 7)),
  End: (day, firstDay) => addDays(day, 6 - ((day.getDay() - (firstDay % 7) + 7) % 7)),
}

const mirrored: Readonly<Record<string, string>> = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' }
