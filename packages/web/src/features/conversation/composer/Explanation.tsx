import { useClient } from '@confab/client/react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { useForm } from '../../../lib/use-form.ts'
import { Button } from '../../../ui/Button.tsx'
import { KeptFocus } from '../../../ui/KeptFocus.tsx'
import type { Standing } from './use-standing.ts'

/** Stands where one would write, and says why one cannot. */
export function Explanation({ standing }: { standing: Standing }) {
  const text = useText()
  const client = useClient()
  const { isBusy, failure, submit } = useForm([])
  const words = {
    writes: '',
    removed: text('composer.cannot.removed'),
    refused: text('composer.cannot.refused'),
    blocked: text('composer.cannot.blocked', { name: 'person' in standing ? standing.person.name : '' }),
    deleted: text('composer.cannot.deleted'),
  }
  return (
    <section
      aria-label={text('composer.label')}
      className="flex shrink-0 flex-wrap items-center justify-center gap-3 border-t border-line bg-surface px-4 py-4 pb-[max(--spacing(4),env(safe-area-inset-bottom))] text-center text-sm text-muted"
    >
      <p role="status">{words[standing.reason]}</p>
      {standing.reason === 'blocked' ? (
        <KeptFocus>
          <Button
            size="sm"
            isBusy={isBusy}
            onClick={() => void submit(() => client.api.people.unblockUser({ params: { id: standing.person.id } }))}
          >
            {text('composer.unblock')}
          </Button>
        </KeptFocus>
      ) : null}
      <p role="alert" className="text-danger-ink empty:hidden">
        {failure}
      </p>
    </section>
  )
}
