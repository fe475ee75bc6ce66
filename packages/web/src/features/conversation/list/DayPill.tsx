import { ChevronDown } from 'lucide-react'
import { Suspense } from 'react'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { classNames } from '../../../ui/class-names.ts'
import { lazyPart, MissingPart } from '../../../ui/lazy-part.tsx'
import { Popover } from '../../../ui/Popover.tsx'
import { Skeleton } from '../../../ui/Skeleton.tsx'
import type { Row } from './rows.ts'
import { dayLook } from './SeparatorRows.tsx'

const Calendar = lazyPart(async () => (await import('../../../ui/Calendar.tsx')).Calendar, MissingPart)

/** The day of what is at the top of the list, floating there; it leads to any other day. */
export function DayPill({ row, onPick }: { row: Row | undefined; onPick: (day: Date) => void }) {
  const text = useText()
  const { day } = useFormats()
  const at = timeOf(row)
  // Where the day stands in the list itself, once is enough.
  const isQuiet = row?.kind === 'day' || row?.kind === 'beginning'
  if (at === undefined && !isQuiet) return null
  const shown = new Date(at ?? Date.now())
  return (
    <div className="pointer-events-none absolute inset-x-0 top-3 z-10 flex justify-center">
      <Popover
        title={text('conversation.date')}
        trigger={
          <button
            type="button"
            data-tooltip={text('conversation.date')}
            className={classNames(
              dayLook(),
              'pointer-events-auto flex min-h-7 items-center gap-1 transition-opacity hover:text-ink aria-expanded:opacity-100 focus-visible:opacity-100',
              isQuiet && 'opacity-0 hover:opacity-100',
            )}
          >
            <span className="sr-only">{text('conversation.date')}</span>
            {day(shown)}
            <ChevronDown size={13} aria-hidden />
          </button>
        }
      >
        {(close) => (
          <Suspense fallback={<Skeleton className="h-80 w-72" />}>
            <Calendar
              day={shown}
              max={new Date()}
              onPick={(picked) => {
                close()
                onPick(picked)
              }}
            />
          </Suspense>
        )}
      </Popover>
    </div>
  )
}

function timeOf(row: Row | undefined): string | undefined {
  if (row?.kind === 'day') return row.at
  if (row?.kind === 'message') return row.message.timestamp
  return row?.kind === 'send' ? row.entry.createdAt : undefined
}
