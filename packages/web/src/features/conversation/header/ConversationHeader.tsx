import { useChat } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Images, Info, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { useLayout } from '../../../lib/media-query.ts'
import { Avatar } from '../../../ui/Avatar.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { iconButtonLook } from '../../../ui/IconButton.tsx'
import { PanelHeader } from '../../../ui/PanelHeader.tsx'
import { RoomDetail, usePeer } from './RoomDetail.tsx'

export type RoomPanel = 'info' | 'media' | 'search'

/** Who one talks with, whether they are there, and the ways to all else about the room. */
export function ConversationHeader({ roomId, panel }: { roomId: number; panel: RoomPanel | undefined }) {
  const text = useText()
  const isPhone = useLayout() === 'phone'
  const name = useChat(({ rooms, details }) => (rooms.byId[roomId] ?? details[roomId])?.chat_name) ?? ''
  const image = useChat(({ rooms, details }) => (rooms.byId[roomId] ?? details[roomId])?.group_image ?? null)
  const isGroup = useChat(({ rooms, details }) => (rooms.byId[roomId] ?? details[roomId])?.is_group ?? false)
  const { presence } = usePeer(roomId)
  return (
    <PanelHeader
      leading={
        <>
          {isPhone ? (
            <Link to="/" aria-label={text('conversation.back')} className={classNames(iconButtonLook(), '-ms-2')}>
              <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
            </Link>
          ) : null}
          <Avatar name={name} image={image} isGroup={isGroup} size="sm" isOnline={presence?.online_status} />
        </>
      }
      title={
        <Link to="." search={panelSearch('info', panel)} className="hover:underline">
          {name}
        </Link>
      }
      detail={<RoomDetail roomId={roomId} />}
      actions={
        <>
          <PanelLink
            to="search"
            open={panel}
            label={text('conversation.search')}
            icon={<Search size={20} aria-hidden />}
          />
          {isPhone ? null : (
            <PanelLink
              to="media"
              open={panel}
              label={text('conversation.media')}
              icon={<Images size={20} aria-hidden />}
            />
          )}
          <PanelLink to="info" open={panel} label={text('conversation.info')} icon={<Info size={20} aria-hidden />} />
        </>
      }
    />
  )
}

function panelSearch(to: RoomPanel, open: RoomPanel | undefined) {
  return (search: object) => ({ ...search, panel: open === to ? undefined : to })
}

/** Opens a panel beside the conversation, or closes it where it is open. */
function PanelLink({
  to,
  open,
  label,
  icon,
}: {
  to: RoomPanel
  open: RoomPanel | undefined
  label: string
  icon: ReactNode
}) {
  const isOpen = open === to
  return (
    <Link
      to="."
      search={panelSearch(to, open)}
      aria-label={label}
      aria-expanded={isOpen}
      data-tooltip={label}
      className={classNames(iconButtonLook(), isOpen && 'bg-selected text-accent-ink')}
    >
      {icon}
    </Link>
  )
}
