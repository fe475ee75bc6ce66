import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useText } from '../lib/i18n/use-text.ts'
import { classNames } from './class-names.ts'
import { IconButton } from './IconButton.tsx'

export type DialogProps = {
  isOpen: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  size?: 'sm' | 'md' | 'lg'
  children?: ReactNode
  /** Buttons at the end, the main one last. */
  actions?: ReactNode
}

const sizes = { sm: 'tablet:max-w-sm', md: 'tablet:max-w-lg', lg: 'tablet:max-w-3xl' }

/** What can be focused, but for buttons whose tooltip would stand in the way at once. */
const focusable =
  'input:not(:disabled), textarea:not(:disabled), button:not([data-tooltip], :disabled), a[href], [tabindex="0"]'

/** Something that is done before going on: in the middle of the screen, on phones a sheet from below. */
export function Dialog({ isOpen, onClose, title, description, size = 'md', children, actions }: DialogProps) {
  const text = useText()
  const popup = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  // What it is about rather than the button that closes it; with a finger nothing that brings up a keyboard.
  const findFirst = (openedBy: string) =>
    (openedBy === 'touch' ? null : content.current?.querySelector<HTMLElement>(focusable)) ?? popup.current
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-(--calm) data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-end justify-center tablet:items-center tablet:p-6">
          <Base.Popup
            ref={popup}
            initialFocus={findFirst}
            className={classNames(
              'flex max-h-[92dvh] w-full flex-col rounded-t-xl bg-surface shadow-float outline-none tablet:rounded-xl',
              'transition-[opacity,transform] duration-(--calm) data-ending-style:translate-y-8 data-ending-style:opacity-0',
              'data-starting-style:translate-y-8 data-starting-style:opacity-0',
              sizes[size],
            )}
          >
            <header className="flex items-start gap-2 px-5 pt-5 pb-3">
              <div className="min-w-0 grow">
                <Base.Title className="text-lg font-semibold text-ink">{title}</Base.Title>
                {description ? (
                  <Base.Description className="mt-1 text-sm text-muted">{description}</Base.Description>
                ) : null}
              </div>
              <Base.Close
                render={<IconButton size="sm" icon={<X size={18} aria-hidden />} label={text('ui.close')} />}
              />
            </header>
            <div ref={content} className="min-h-0 grow overflow-y-auto px-5 pb-5">
              {children}
            </div>
            {actions ? (
              <footer className="flex justify-end gap-3 border-t border-line px-5 py-4">{actions}</footer>
            ) : null}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
