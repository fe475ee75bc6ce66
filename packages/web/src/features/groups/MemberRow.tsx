import type { Participant, Room } from '@confab/client'
import { usePresence } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { Ellipsis, ShieldCheck, ShieldMinus, UserMinus } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { useRoomActions } from './use-room-actions.ts'

type MemberRowProps = { room: Room; member: Participant; isMe: boolean }

/** A member, leading to their profile; admins have what can be done with them beside it. */
export function MemberRow({ room, member, isMe }: MemberRowProps) {
  const text = useText()
  const presence = usePresence(member.id)
  const name = displayName(member)
  // The only admin stays one.
  const canBeChanged = room.is_admin && (!isMe || room.participants.some((one) => one.is_admin && one.id !== member.id))
  return (
    <li className="flex items-center gap-1 rounded-lg transition-colors hover:bg-hover">
      <Link to="/people/$userId" params={{ userId: member.id }} className={`${rowLook()} min-w-0 grow`}>
        <ListRow
          leading={
            <Avatar
              name={name}
              image={member.profile_pic}
              isOnline={isMe || (presence?.online_status ?? member.online_status)}
            />
          }
          title={isMe ? text('groups.members.me', { name }) : name}
          detail={<bdi>@{member.username}</bdi>}
          trailing={
            member.is_admin ? (
              <span className="shrink-0 rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium text-accent-ink">
                {text('groups.info.admin')}
              </span>
            ) : undefined
          }
        />
      </Link>
      {canBeChanged ? <MemberMenu room={room} member={member} isMe={isMe} name={name} /> : null}
    </li>
  )
}

type Question = 'admin' | 'member' | 'remove'

/** It goes, or a question of it, with the focus in it: by the member, or by oneself being no admin any more. */
function MemberMenu({ room, member, isMe, name }: MemberRowProps & { name: string }) {
  const text = useText()
  const actions = useRoomActions(room.id)
  const [question, setQuestion] = useState<Question>()
  const ask = (what: Question) => ({ key: what, onSelect: () => setQuestion(what) })
  const about = (what: Question) => ({ isOpen: question === what, onClose: () => setQuestion(undefined) })
  const demote = text(isMe ? 'groups.members.step_down' : 'groups.members.remove_admin')
  const entries = [
    member.is_admin
      ? { ...ask('member'), label: demote, icon: <ShieldMinus size={18} /> }
      : { ...ask('admin'), label: text('groups.members.make_admin'), icon: <ShieldCheck size={18} /> },
    ...(isMe
      ? []
      : [
          {
            ...ask('remove'),
            label: text('groups.members.remove'),
            icon: <UserMinus size={18} />,
            isDangerous: true,
          },
        ]),
  ]
  return (
    <KeptFocus className="shrink-0 pe-1">
      <Menu
        trigger={<IconButton icon={<Ellipsis size={18} aria-hidden />} label={text('groups.members.menu', { name })} />}
        entries={entries}
      />
      <ConfirmDialog
        {...about('admin')}
        title={text('groups.members.make_admin.title', { name })}
        description={text('groups.members.make_admin.text')}
        action={text('groups.members.make_admin')}
        onConfirm={() => void actions.makeAdmin(member.id)}
      />
      <ConfirmDialog
        {...about('member')}
        title={isMe ? text('groups.members.step_down.title') : text('groups.members.remove_admin.title', { name })}
        description={text(isMe ? 'groups.members.step_down.text' : 'groups.members.remove_admin.text')}
        action={demote}
        onConfirm={() => void actions.removeAdmin(member.id)}
      />
      <ConfirmDialog
        {...about('remove')}
        title={text('groups.members.remove.title', { name })}
        description={text('groups.members.remove.text')}
        action={text('groups.members.remove')}
        isDangerous
        onConfirm={() => void actions.remove(member.id)}
      />
    </KeptFocus>
  )
}
