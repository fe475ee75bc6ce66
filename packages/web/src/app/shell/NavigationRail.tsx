import { useMe } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useSections } from './sections.tsx'
import { useSection } from './use-section.ts'

/** The parts of the app, at the side. */
export function NavigationRail() {
  const text = useText()
  const me = useMe()
  const sections = useSections()
  const current = useSection()
  return (
    <nav
      aria-label={text('app.navigation')}
      className="flex w-18 shrink-0 flex-col items-center gap-2 border-e border-line bg-sunken py-4"
    >
      <img src="/favicon.svg" alt="Confab" className="mb-4 size-9" />
      {sections.map((section) => (
        <Link
          key={section.id}
          to={section.to}
          data-tooltip={section.label}
          data-tooltip-side="inline-end"
          aria-current={section.id === current ? 'page' : undefined}
          className={classNames(
            'relative grid size-12 place-items-center rounded-lg transition-colors',
            section.id === current ? 'bg-selected text-accent-ink' : 'text-muted hover:bg-hover hover:text-ink',
            section.id === 'settings' && 'mt-auto',
          )}
        >
          {section.icon}
          <span className="sr-only">{section.label}</span>
          <span className="absolute -end-0.5 -top-0.5">
            <Badge count={section.count} label={section.countLabel} />
          </span>
        </Link>
      ))}
      {me ? (
        <Link
          to="/settings/$section"
          params={{ section: 'profile' }}
          data-tooltip={text('app.profile')}
          data-tooltip-side="inline-end"
          className="rounded-full"
        >
          <span className="sr-only">{text('app.profile')}</span>
          <Avatar name={me.full_name ?? me.username} image={me.profile_pic} />
        </Link>
      ) : null}
    </nav>
  )
}
