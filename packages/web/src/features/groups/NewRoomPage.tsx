import { useChat, useClient } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { iconButtonLook } from '../../ui/IconButton.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { GroupFields } from './GroupFields.tsx'
import { PeoplePicker } from './PeoplePicker.tsx'
import type { Candidate } from './use-candidates.ts'

/**
 * Begins a conversation: with one person a direct one, with several a group that has a name. One person and a name make
 * a group as well.
 *
 * @param startWith who is chosen at first, by id
 */
export function NewRoomPage({ startWith }: { startWith: number | undefined }) {
  const text = useText()
  const first = useFirstPerson(startWith)
  useDocumentTitle(text('groups.new.title'))
  return (
    <>
      <PanelHeader
        leading={
          <Link
            to="/"
            aria-label={text('groups.new.back')}
            data-tooltip={text('groups.new.back')}
            className={iconButtonLook()}
          >
            <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
          </Link>
        }
        title={text('groups.new.title')}
      />
      <NewRoomForm key={first?.id ?? 0} first={first} />
    </>
  )
}

function NewRoomForm({ first }: { first: Candidate | undefined }) {
  const text = useText()
  const client = useClient()
  const navigate = useNavigate()
  const form = useForm(['room_name'])
  const limit = useChat(({ limits }) => limits?.group_members)
  const [chosen, setChosen] = useState<readonly Candidate[]>(first ? [first] : [])
  const [name, setName] = useState('')
  const [picture, setPicture] = useState<Blob>()
  const [wantsGroup, setWantsGroup] = useState(first !== undefined)
  const isGroup = wantsGroup || chosen.length > 1
  // One's own place counts, too.
  const isTooLarge = limit !== undefined && chosen.length + 1 > limit
  const create = () =>
    form.submit(async () => {
      const room = await client.api.rooms.createRoom({
        body: {
          participant_ids: chosen.map(({ id }) => id),
          ...(isGroup && { room_name: name }),
          ...(isGroup && picture && { group_image: picture }),
        },
      })
      await navigate({ to: '/rooms/$roomId', params: { roomId: room.id } })
    })
  return (
    <form
      className="mx-auto flex min-h-0 w-full max-w-xl grow flex-col overflow-y-auto px-4 pt-4"
      onSubmit={(event) => {
        event.preventDefault()
        void create()
      }}
    >
      <PeoplePicker chosen={chosen} onChange={setChosen} />
      {chosen.length > 0 ? (
        <div className="-mx-4 flex shrink-0 flex-col gap-4 border-t border-line bg-surface p-4 tablet:mx-0 tablet:mb-4 tablet:rounded-lg tablet:border">
          {isGroup ? (
            <GroupFields
              name={name}
              onName={setName}
              nameError={form.errors.room_name}
              picture={picture}
              onPicture={setPicture}
            />
          ) : null}
          <p role="alert" className="text-sm text-danger-ink empty:hidden">
            {isTooLarge ? text('groups.new.too_large', { count: limit }) : form.failure}
          </p>
          <div className="flex flex-wrap justify-end gap-3">
            {chosen.length === 1 ? (
              <Button size="lg" kind="ghost" onClick={() => setWantsGroup(!wantsGroup)}>
                {text(wantsGroup ? 'groups.new.direct' : 'groups.new.group')}
              </Button>
            ) : null}
            <Button type="submit" kind="primary" size="lg" isBusy={form.isBusy} disabled={isTooLarge} className="grow">
              {isGroup ? text('groups.new.create', { count: chosen.length }) : text('groups.new.start')}
            </Button>
          </div>
        </div>
      ) : null}
    </form>
  )
}

/** Whom an address names, once they are here; without them one begins with nobody. */
function useFirstPerson(userId: number | undefined): Candidate | undefined {
  const { api } = useClient()
  const { data: user } = useQuery({
    queryKey: ['user', userId],
    queryFn: ({ signal }) => api.people.getUser({ params: { id: userId ?? 0 }, signal }),
    enabled: userId !== undefined,
  })
  return user && { ...user, full_name: `${user.first_name} ${user.last_name}`.trim() || null }
}
