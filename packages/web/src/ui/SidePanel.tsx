import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../lib/i18n/use-text.ts'
import { useLayout } from '../lib/media-query.ts'
import { iconButtonLook } from './IconButton.tsx'

/**
 * What stands beside a view, with its title; closing it leads to the same address without search parameters. Where it
 * takes the place of the view its title is that of the page.
 */
export function SidePanel({ title, children }: { title: string; children: ReactNode }) {
  const text = useText()
  const Heading = useLayout() === 'desktop' ? 'h2' : 'h1'
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-2 border-b border-line px-4">
        <Heading className="min-w-0 grow truncate text-base font-semibold">{title}</Heading>
        <Link
          to="."
          search={{}}
          aria-label={text('ui.close')}
          data-tooltip={text('ui.close')}
          className={iconButtonLook()}
        >
          <X size={20} aria-hidden />
        </Link>
      </header>
      <div className="min-h-0 grow overflow-y-auto">{children}</div>
    </>
  )
}

/** The title of a part of what stands there, of the level below the panel's own. */
export function SidePanelHeading({ className, children }: { className: string; children: ReactNode }) {
  const Heading = useLayout() === 'desktop' ? 'h3' : 'h2'
  return <Heading className={className}>{children}</Heading>
}
