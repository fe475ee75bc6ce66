import type { User } from '@confab/client'
import { useClient } from '@confab/client/react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { iconButtonLook } from '../../ui/IconButton.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { TextField } from '../../ui/TextField.tsx'

/** Begins a conversation: with one person a direct one, with several a group that has a name. */
export function NewRoomPage() {
  const text = useText()
  const client = useClient()
  const navigate = useNavigate()
  const form = useForm(['room_name'])
  const [chosen, setChosen] = useState<readonly number[]>([])
  const [name, setName] = useState('')
  const isGroup = chosen.length > 1
  useDocumentTitle(text('groups.new.title'))

  const toggle = ({ id }: User) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
  const create = () =>
    form.submit(async () => {
      const body = { participant_ids: chosen, ...(isGroup && { room_name: name }) }
      const room = await client.api.rooms.createRoom({ body })
      await navigate({ to: '/rooms/$roomId', params: { roomId: room.id } })
    })

  return (
    <>
      <PanelHeader
        leading={
          <Link to="/" aria-label={text('groups.new.back')} className={iconButtonLook()}>
            <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
          </Link>
        }
        title={text('groups.new.title')}
      />
      <PeoplePicker chosen={chosen} onToggle={toggle} />
      {chosen.length > 0 ? (
        <form
          className="mx-auto flex w-full max-w-xl flex-col gap-3 border-t border-line p-4"
          onSubmit={(event) => {
            event.preventDefault()
            void create()
          }}
        >
          {isGroup ? (
            <TextField
              label={text('groups.new.name')}
              value={name}
              onChange={setName}
              error={form.errors.room_name}
              required
            />
          ) : null}
          <p role="alert" className="text-sm text-danger-ink empty:hidden">
            {form.failure}
          </p>
          <Button type="submit" kind="primary" size="lg" isBusy={form.isBusy}>
            {isGroup ? text('groups.new.create', { count: chosen.length }) : text('groups.new.start')}
          </Button>
        </form>
      ) : null}
    </>
  )
}

function PeoplePicker({ chosen, onToggle }: { chosen: readonly number[]; onToggle: (person: User) => void }) {
  const text = useText()
  const client = useClient()
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search.trim())
  const found = useQuery({
    queryKey: ['users', wanted],
    queryFn: ({ signal }) =>
      client.api.people.listUsers({ query: { limit: '50', ...(wanted && { search: wanted }) }, signal }),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="mx-auto flex min-h-0 w-full max-w-xl grow flex-col gap-3 overflow-y-auto p-4">
      <SearchField label={text('groups.new.find')} value={search} onChange={setSearch} />
      {found.isPending ? <ListSkeleton label={text('groups.loading')} /> : null}
      {found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data?.length === 0 ? (
        <EmptyState title={text('groups.new.nobody')}>{text('groups.new.nobody.text')}</EmptyState>
      ) : null}
      <ul>
        {found.data?.map((person) => (
          <li key={person.id}>
            <Checkbox
              label={person.username}
              isChecked={chosen.includes(person.id)}
              onChange={() => onToggle(person)}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}
