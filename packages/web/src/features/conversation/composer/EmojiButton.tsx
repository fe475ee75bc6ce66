import { Smile } from 'lucide-react'
import { type RefObject, Suspense } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { lazyPart, MissingPart } from '../../../ui/lazy-part.tsx'
import { Popover } from '../../../ui/Popover.tsx'

const EmojiPicker = lazyPart(async () => (await import('./emoji/EmojiPicker.tsx')).EmojiPicker, MissingPart)

/** Opens the emoji. */
export function EmojiButton({
  returnTo,
  onPick,
}: {
  /** Where the focus goes afterwards. */
  returnTo: RefObject<HTMLElement | null>
  onPick: (unicode: string) => void
}) {
  const text = useText()
  return (
    <Popover
      title={text('composer.emoji')}
      side="top"
      finalFocus={returnTo}
      trigger={
        <IconButton
          icon={<Smile size={20} aria-hidden />}
          label={text('composer.emoji')}
          tooltipSide="top"
          className="pointer-coarse:size-11"
        />
      }
    >
      {(close) => (
        <Suspense fallback={<div className="h-88 w-[21.5rem] max-w-[calc(100vw-2rem)]" />}>
          <EmojiPicker
            onPick={(unicode) => {
              onPick(unicode)
              close()
            }}
          />
        </Suspense>
      )}
    </Popover>
  )
}
