import { Trash2 } from 'lucide-react'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { classNames } from '../../../ui/class-names.ts'

/** What the name of a day looks like, in the list and floating above it. */
export function dayLook(): string {
  return 'rounded-full border border-line bg-surface px-3 py-1 text-xs font-medium text-muted shadow-card'
}

/** The day on which the messages below it were written. */
export function DayRow({ at }: { at: string }) {
  const { day } = useFormats()
  return (
    <div className="flex justify-center py-3">
      <time dateTime={at.slice(0, 10)} className={dayLook()}>
        {day(at)}
      </time>
    </div>
  )
}

/** What is below it one has not read yet. */
export function NewRow() {
  const text = useText()
  return (
    <div className="flex items-center gap-3 py-2 text-xs font-semibold text-fresh-ink">
      <span className="h-px grow bg-fresh" />
      {text('conversation.new')}
      <span className="h-px grow bg-fresh" />
    </div>
  )
}

/** Where messages were that are deleted. */
export function DeletedRow({ count }: { count: number }) {
  const text = useText()
  return (
    <div className="flex justify-center py-1">
      <span className={classNames('flex items-center gap-1.5 px-3 py-1 text-xs text-muted italic')}>
        <Trash2 size={13} aria-hidden />
        {text('conversation.deleted', { count })}
      </span>
    </div>
  )
}
