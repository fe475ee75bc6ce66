import { Link } from '@tanstack/react-router'
import { useText } from '../../lib/i18n/use-text.ts'
import { Badge } from '../../ui/Badge.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useSections } from './sections.tsx'
import { useSection } from './use-section.ts'

/** The parts of the app, within reach of a thumb. */
export function BottomBar() {
  const text = useText()
  const sections = useSections()
  const current = useSection()
  return (
    <nav
      aria-label={text('app.navigation')}
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]"
    >
      {sections.map((section) => (
        <Link
          key={section.id}
          to={section.to}
          aria-current={section.id === current ? 'page' : undefined}
          className={classNames(
            'flex h-15 min-w-0 grow basis-0 flex-col items-center justify-center gap-1 text-2xs font-medium',
            'focus-visible:-outline-offset-2',
            section.id === current ? 'text-accent-ink' : 'text-muted',
          )}
        >
          <span className="relative">
            {section.icon}
            <span className="absolute -end-3 -top-2">
              <Badge count={section.count} label={section.countLabel} />
            </span>
          </span>
          <span className="max-w-full truncate px-1">{section.label}</span>
        </Link>
      ))}
    </nav>
  )
}
