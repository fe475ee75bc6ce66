import { Skeleton } from '../../../ui/Skeleton.tsx'

/** Holds the place of older messages that are on their way. */
export function LoadingRows() {
  return (
    <div aria-hidden className="absolute inset-x-0 top-2 flex flex-col gap-2 px-3 tablet:px-5">
      <Skeleton className="h-7 w-2/5 rounded-lg" />
      <Skeleton className="h-7 w-3/5 rounded-lg" />
    </div>
  )
}
