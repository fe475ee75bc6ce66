import type { Participant, Room } from '@confab/client'
import { usePresence } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { Ellipsis, ShieldCheck, UserMinus } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { useRoomActions } from './use-room-actions.ts'

type MemberRowProps = { room: Room; member: Participant; isMe: boolean }

/** A member, leading to their profile; admins have what can be done with them beside it. */
export function MemberRow({ room, member, isMe }: MemberRowProps) {
  const text = useText()
  const presence = usePresence(member.id)
  const name = displayName(member)
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
      {room.is_admin && !isMe ? <MemberMenu room={room} member={member} name={name} /> : null}
    </li>
  )
}

function MemberMenu({ room, member, name }: { room: Room; member: Participant; name: string }) {
  const text = useText()
  const actions = useRoomActions(room.id)
  const [question, setQuestion] = useState<'admin' | 'remove'>()
  const entries = [
    ...(member.is_admin
      ? []
      : [
          {
            key: 'admin',
            label: text('groups.members.make_admin'),
            icon: <ShieldCheck size={18} />,
            onSelect: () => setQuestion('admin'),
          },
        ]),
    {
      key: 'remove',
      label: text('groups.members.remove'),
      icon: <UserMinus size={18} />,
      isDangerous: true,
      onSelect: () => setQuestion('remove'),
    },
  ]
  return (
    <span className="shrink-0 pe-1">
      <Menu
        trigger={<IconButton icon={<Ellipsis size={18} aria-hidden />} label={text('groups.members.menu', { name })} />}
        entries={entries}
      />
      <ConfirmDialog
        isOpen={question === 'admin'}
        onClose={() => setQuestion(undefined)}
        title={text('groups.members.make_admin.title', { name })}
        description={text('groups.members.make_admin.text')}
        action={text('groups.members.make_admin')}
        onConfirm={() => void actions.makeAdmin(member.id)}
      />
      <ConfirmDialog
        isOpen={question === 'remove'}
        onClose={() => setQuestion(undefined)}
        title={text('groups.members.remove.title', { name })}
        description={text('groups.members.remove.text')}
        action={text('groups.members.remove')}
        isDangerous
        onConfirm={() => void actions.remove(member.id)}
      />
    </span>
  )
}
