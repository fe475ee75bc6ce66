import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { iconButtonLook } from '../../ui/IconButton.tsx'

/** A panel beside a conversation, with its title and the way back. */
export function PanelFrame({ title, children }: { title: string; children: ReactNode }) {
  const text = useText()
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-2 border-b border-line px-4">
        <h2 className="min-w-0 grow truncate text-base font-semibold">{title}</h2>
        <Link to="." search={{}} aria-label={text('groups.info.close')} className={iconButtonLook()}>
          <X size={20} aria-hidden />
        </Link>
      </header>
      <div className="min-h-0 grow overflow-y-auto">{children}</div>
    </>
  )
}
