import { useText } from '../../lib/i18n/use-text.ts'
import { classNames } from '../../ui/class-names.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'

const shapes = ['w-2/5', 'w-3/5', 'w-1/4', 'w-1/2', 'w-2/5', 'w-1/3', 'w-3/5', 'w-1/4']

/** Messages that are on their way: they stand where they will stand, at the bottom. */
export function ConversationSkeleton() {
  const text = useText()
  return (
    <div
      role="status"
      className="mx-auto flex min-h-0 w-full max-w-4xl grow flex-col justify-end gap-3 overflow-hidden px-5 py-3"
    >
      <span className="sr-only">{text('conversation.loading')}</span>
      {shapes.map((width, index) => (
        <Skeleton
          // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
          key={index}
          className={classNames('h-10 shrink-0 rounded-lg', width, index % 3 === 1 && 'self-end')}
        />
      ))}
    </div>
  )
}
