import type { ReactNode } from 'react'

/** Says that there is nothing yet, why, and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  level: Heading = 'h2',
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
  /** Where its title stands in the outline of the page: `h1` where it is all there is. */
  level?: 'h1' | 'h2' | 'h3'
}) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-12 text-center">
      {icon ? (
        <span aria-hidden className="mb-2 grid size-14 place-items-center rounded-xl bg-accent-soft text-accent-ink">
          {icon}
        </span>
      ) : null}
      <Heading className="text-base font-semibold text-balance text-ink">{title}</Heading>
      {children ? <p className="text-sm text-pretty text-muted">{children}</p> : null}
      {action ? <div className="mt-4">{action}</div> : null}
    </div>
  )
}
