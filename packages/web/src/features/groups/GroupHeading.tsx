import type { Room } from '@confab/client'
import { Pencil } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useIntl } from 'react-intl'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { controlLook } from '../../ui/FieldFrame.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { PicturePicker } from '../../ui/PicturePicker.tsx'
import { useRoomActions } from './use-room-actions.ts'

/** The picture and the name of a group; its admins change both in place. */
export function GroupHeading({ room }: { room: Room }) {
  const text = useText()
  const { formatDate } = useIntl()
  const actions = useRoomActions(room.id)
  const avatar = <Avatar name={room.chat_name} image={room.group_image} size="xl" isGroup />
  return (
    <div className="flex flex-col items-center gap-3 px-6 pt-8 pb-5 text-center">
      {room.is_admin ? (
        <PicturePicker
          label={text('groups.picture')}
          onPick={async (picture) => void actions.setPicture(picture)}
          onRemove={room.group_image ? () => void actions.removePicture() : undefined}
        >
          {avatar}
        </PicturePicker>
      ) : (
        avatar
      )}
      {room.is_admin ? (
        <EditableName name={room.chat_name} onRename={(name) => void actions.rename(name)} />
      ) : (
        <p dir="auto" className="text-xl font-semibold wrap-anywhere">
          {room.chat_name}
        </p>
      )}
      <p className="text-sm text-muted">
        {text('groups.info.members', { count: room.member_count })}
        {' · '}
        {text('groups.info.since', { day: formatDate(room.created_at, { dateStyle: 'long' }) })}
      </p>
    </div>
  )
}

/** A name that becomes a field where it is pressed. Enter and leaving it keep what was written, Escape does not. */
function EditableName({ name, onRename }: { name: string; onRename: (name: string) => void }) {
  const text = useText()
  const [draft, setDraft] = useState<string>()
  const button = useRef<HTMLButtonElement>(null)
  const wasEditing = useRef(false)
  const isEditing = draft !== undefined
  useEffect(() => {
    if (!isEditing && wasEditing.current) button.current?.focus()
    wasEditing.current = isEditing
  }, [isEditing])
  const finish = () => {
    const wanted = draft?.trim()
    setDraft(undefined)
    if (wanted && wanted !== name) onRename(wanted)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      // The focus goes to the button while the key is down, which must not be pressed by it.
      event.preventDefault()
      finish()
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      setDraft(undefined)
    }
  }
  if (draft === undefined) {
    return (
      <div className="flex max-w-full items-center gap-1 ps-10">
        <p dir="auto" className="min-w-0 text-xl font-semibold wrap-anywhere">
          {name}
        </p>
        <IconButton
          ref={button}
          icon={<Pencil size={17} aria-hidden />}
          label={text('groups.rename')}
          onClick={() => setDraft(name)}
        />
      </div>
    )
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed
      autoFocus
      type="text"
      dir="auto"
      maxLength={200}
      aria-label={text('groups.new.name')}
      value={draft}
      onFocus={({ target }) => target.select()}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={finish}
      onKeyDown={onKeyDown}
      className={`${controlLook} h-10 text-center text-lg font-semibold`}
    />
  )
}
