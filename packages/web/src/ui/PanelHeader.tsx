import type { ReactNode } from 'react'

/** The line at the top of a column: a way back, a title, and what one can do here. Its height is the same everywhere. */
export function PanelHeader({
  leading,
  title,
  detail,
  actions,
}: {
  leading?: ReactNode
  title: ReactNode
  detail?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className="flex h-16 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
      {leading}
      <div className="min-w-0 grow">
        <h1 dir="auto" className="truncate match-parent text-base font-semibold text-ink">
          {title}
        </h1>
        {detail ? <div className="truncate text-xs text-muted">{detail}</div> : null}
      </div>
      {actions ? <div className="flex shrink-0 items-center gap-1">{actions}</div> : null}
    </header>
  )
}
