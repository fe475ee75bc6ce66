import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** The look of a row that can be pressed: for the link or button around a `ListRow`. */
export function rowLook(isSelected = false): string {
  return classNames(
    'block w-full rounded-lg text-start transition-colors focus-visible:-outline-offset-2',
    isSelected ? 'bg-selected' : 'hover:bg-hover',
  )
}

/** Something in a list: a picture, a title, a line below, and what stands at the end of each and of both. */
export function ListRow({
  leading,
  title,
  titleEnd,
  detail,
  detailEnd,
  trailing,
}: {
  leading?: ReactNode
  title: ReactNode
  titleEnd?: ReactNode
  detail?: ReactNode
  detailEnd?: ReactNode
  trailing?: ReactNode
}) {
  return (
    <span className="flex min-w-0 items-center gap-3 px-2.5 py-2">
      {leading}
      <span className="flex min-w-0 grow flex-col">
        <span className="flex min-w-0 items-center gap-2">
          <span dir="auto" className="min-w-0 grow truncate match-parent text-sm font-medium text-ink">
            {title}
          </span>
          {titleEnd}
        </span>
        {detail === undefined ? null : (
          <span className="flex min-w-0 items-center gap-2">
            <span dir="auto" className="min-w-0 grow truncate match-parent text-sm text-muted">
              {detail}
            </span>
            {detailEnd}
          </span>
        )}
      </span>
      {trailing}
    </span>
  )
}
