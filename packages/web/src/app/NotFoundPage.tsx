import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useDocumentTitle } from '../lib/document-title.ts'
import { useText } from '../lib/i18n/use-text.ts'
import { buttonLook } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'

/** An address that leads nowhere. */
export function NotFoundPage() {
  const text = useText()
  useDocumentTitle(text('app.not_found.title'))
  return (
    <main className="grid h-full place-items-center bg-canvas">
      <EmptyState
        level="h1"
        icon={<Compass size={26} />}
        title={text('app.not_found.title')}
        action={
          <Link to="/" className={buttonLook({ kind: 'primary' })}>
            {text('app.not_found.home')}
          </Link>
        }
      >
        {text('app.not_found.text')}
      </EmptyState>
    </main>
  )
}
