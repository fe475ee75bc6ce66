import { Ellipsis } from 'lucide-react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { classNames } from '../../../ui/class-names.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { type MessageActions, toEntries } from './use-message-actions.tsx'

/** What one does most with a message, beside it; all else is behind the dots. */
export function MessageToolbar({ actions, isMine }: { actions: MessageActions; isMine: boolean }) {
  const text = useText()
  const quick = [actions.edit, actions.copy].filter((action) => action !== undefined)
  return (
    <div
      className={classNames(
        'absolute top-1/2 flex -translate-y-1/2 rounded-md border border-line bg-raised shadow-card',
        isMine ? 'end-full me-2' : 'start-full ms-2',
      )}
    >
      {quick.map(({ key, label, icon, onSelect }) => (
        <IconButton
          key={key}
          size="sm"
          icon={icon}
          label={label}
          tooltipSide="top"
          onClick={onSelect}
          className="hidden tablet:inline-grid"
        />
      ))}
      <Menu
        align={isMine ? 'end' : 'start'}
        trigger={
          <IconButton
            size="sm"
            icon={<Ellipsis size={18} aria-hidden />}
            label={text('conversation.more')}
            tooltipSide="top"
            className="pointer-coarse:size-11"
          />
        }
        entries={toEntries(actions)}
      />
    </div>
  )
}
