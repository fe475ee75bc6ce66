import { Dialog as Base } from '@base-ui/react/dialog'
import { useRef } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Palette } from './Palette.tsx'

export type CommandPaletteProps = {
  isOpen: boolean
  /** What was typed before it was there. */
  begun: string
  onClose: () => void
}

/** The search over people, rooms, messages and what can be done. On a phone it fills the screen. */
export function CommandPalette({ isOpen, begun, onClose }: CommandPaletteProps) {
  const text = useText()
  const isToWrite = useRef(false)
  const onDone = (toWrite: boolean) => {
    isToWrite.current = toWrite
    onClose()
  }
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-(--quick) data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-start justify-center tablet:px-6 tablet:pt-[12dvh]">
          <Base.Popup
            className="pop flex h-full w-full flex-col overflow-hidden bg-surface shadow-float outline-none tablet:h-auto tablet:max-h-[70dvh] tablet:max-w-xl tablet:rounded-xl tablet:border tablet:border-line"
            finalFocus={() => !isToWrite.current || findComposer()}
          >
            <Base.Title className="sr-only">{text('search.title')}</Base.Title>
            <Palette begun={begun} onClose={onClose} onDone={onDone} />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** Where one writes in the room that was chosen; a room that is still on its way takes the focus by itself. */
function findComposer(): HTMLElement | false {
  const isAtHand = matchMedia('(pointer: fine)').matches
  return (isAtHand && document.querySelector<HTMLElement>('[data-composer]')) || false
}
