import { classNames } from './class-names.ts'

/** Holds the place of what is on its way, so that nothing jumps when it comes. Give it its size by `className`. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames(
        'block animate-shimmer bg-line',
        !className?.includes('rounded-') && 'rounded-md',
        className ?? 'h-4 w-full',
      )}
    />
  )
}

/** Rows of a list that is on its way. Tells screen readers, once, what is loading. */
export function ListSkeleton({ label, rows = 8 }: { label: string; rows?: number }) {
  return (
    <div role="status" className="flex flex-col gap-1 p-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className="flex items-center gap-3 p-2.5">
          <Skeleton className="size-11 rounded-full" />
          <div className="flex grow flex-col gap-2">
            <Skeleton className={classNames('h-3.5', row % 2 ? 'w-1/3' : 'w-1/2')} />
            <Skeleton className={classNames('h-3', row % 3 ? 'w-3/4' : 'w-2/3')} />
          </div>
        </div>
      ))}
    </div>
  )
}
