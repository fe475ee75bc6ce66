import type { Participant } from '@confab/client'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { useForm } from '../../lib/use-form.ts'
import { usePresenceOrder } from '../../lib/use-presence-order.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ListRow } from '../../ui/ListRow.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { matches, SEARCH_FROM } from './use-candidates.ts'

/** Who follows as an admin, asked of the only one who leaves. */
export function HandOverDialog({
  members,
  isOpen,
  onClose,
  onConfirm,
}: {
  members: readonly Participant[]
  isOpen: boolean
  onClose: () => void
  onConfirm: (successor: number) => Promise<void>
}) {
  const text = useText()
  const form = useForm([])
  const ordered = usePresenceOrder(members)
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<number>()
  // Who is chosen stays in sight.
  const shown = search.trim()
    ? ordered.filter((member) => member.id === chosen || matches(member, search.trim()))
    : ordered
  const close = () => {
    form.forget()
    setSearch('')
    onClose()
  }
  const confirm = async () => {
    if (chosen === undefined) return
    if (await form.submit(() => onConfirm(chosen))) close()
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      size="sm"
      title={text('groups.hand_over.title')}
      description={text('groups.hand_over.text')}
      actions={
        <>
          <Button onClick={close}>{text('ui.cancel')}</Button>
          <Button kind="danger" isBusy={form.isBusy} disabled={chosen === undefined} onClick={() => void confirm()}>
            {text('groups.hand_over.confirm')}
          </Button>
        </>
      }
    >
      <p role="alert" className="pb-2 text-sm text-danger-ink empty:hidden">
        {form.failure}
      </p>
      {members.length > SEARCH_FROM ? (
        <SearchField className="mb-2" label={text('groups.members.find')} value={search} onChange={setSearch} />
      ) : null}
      <fieldset className="-mx-2.5 min-w-0">
        <legend className="sr-only">{text('groups.hand_over.title')}</legend>
        {shown.map((member) => (
          <label
            key={member.id}
            className="flex cursor-pointer items-center rounded-lg pe-3 transition-colors hover:bg-hover has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent"
          >
            <span className="min-w-0 grow">
              <ListRow
                leading={<Avatar name={displayName(member)} image={member.profile_pic} />}
                title={displayName(member)}
                detail={<bdi>@{member.username}</bdi>}
              />
            </span>
            <input
              type="radio"
              name="successor"
              checked={chosen === member.id}
              onChange={() => setChosen(member.id)}
              className="size-5 shrink-0 accent-accent outline-none"
            />
          </label>
        ))}
      </fieldset>
      {shown.length === 0 ? <p className="py-3 text-sm text-muted">{text('groups.new.nobody')}</p> : null}
    </Dialog>
  )
}
