import type { Message } from '@confab/client'
import { Pencil, X } from 'lucide-react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { stopEditing } from '../editing.ts'

/** Says which message is being edited. */
export function EditingBar({ message }: { message: Message }) {
  const text = useText()
  return (
    <div className="flex items-center gap-3 border-s-3 border-accent ps-3">
      <Pencil size={18} aria-hidden className="shrink-0 text-accent-ink" />
      <div className="min-w-0 grow text-sm">
        <p className="font-semibold text-accent-ink">{text('composer.editing')}</p>
        <p dir="auto" className="truncate text-muted match-parent">
          {message.content || text('composer.image')}
        </p>
      </div>
      <IconButton
        size="sm"
        icon={<X size={18} aria-hidden />}
        label={text('composer.editing.cancel')}
        tooltipSide="top"
        onClick={stopEditing}
      />
    </div>
  )
}
