import { MessageSquareText } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { ListRow } from '../../ui/ListRow.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { senderName } from '../../ui/sender-name.ts'
import { Highlighted } from './Highlighted.tsx'
import type { Option } from './options.ts'

/** What an option of the palette looks like. */
export function OptionRow({ option, isOpening }: { option: Option; isOpening: boolean }) {
  const text = useText()
  const { brief } = useFormats()
  if (option.kind === 'action') {
    return <ListRow leading={<Icon>{option.action.icon}</Icon>} title={option.action.label} />
  }
  if (option.kind === 'more') {
    return (
      <ListRow
        leading={<Icon>{option.isLoading ? <Spinner size={18} /> : <MessageSquareText size={18} />}</Icon>}
        title={text('search.more')}
      />
    )
  }
  if (option.kind === 'room') {
    const { chat_name, group_image, is_group, highlights } = option.room
    return (
      <ListRow
        leading={<Avatar name={chat_name} image={group_image} isGroup={is_group} size="sm" />}
        title={<Highlighted text={chat_name} highlights={highlights} />}
      />
    )
  }
  if (option.kind === 'person') {
    const { username, full_name, profile_pic, highlights } = option.person
    const handle = highlights.username.map(({ start, end }) => ({ start: start + 1, end: end + 1 }))
    return (
      <ListRow
        leading={<Avatar name={full_name ?? username} image={profile_pic} size="sm" />}
        title={
          full_name ? (
            <Highlighted text={full_name} highlights={highlights.full_name} />
          ) : (
            <Highlighted text={username} highlights={highlights.username} />
          )
        }
        detail={full_name ? <Highlighted text={`@${username}`} highlights={handle} /> : undefined}
        trailing={isOpening ? <Spinner size={18} /> : undefined}
      />
    )
  }
  const { sender, chat_name, is_group, snippet, highlights, timestamp } = option.hit
  const name = senderName(sender.username, text)
  return (
    <ListRow
      leading={<Avatar name={name} size="sm" />}
      title={<Highlighted text={snippet} highlights={highlights} />}
      detail={is_group ? text('search.by_in', { name, room: chat_name }) : chat_name}
      trailing={
        <time dateTime={timestamp} className="shrink-0 text-xs text-muted">
          {brief(timestamp)}
        </time>
      }
    />
  )
}

function Icon({ children }: { children: ReactNode }) {
  return (
    <span aria-hidden className="grid size-8 shrink-0 place-items-center rounded-md bg-sunken text-muted">
      {children}
    </span>
  )
}
