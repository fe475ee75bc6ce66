import { Ellipsis } from 'lucide-react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { classNames } from '../../../ui/class-names.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { type MessageActions, toEntries } from './use-message-actions.tsx'

/** What one does most with a message, beside it, or on a phone on its corner; all else is behind the dots. */
export function MessageToolbar({ actions, isMine }: { actions: MessageActions; isMine: boolean }) {
  const text = useText()
  const quick = [actions.edit, actions.copy].filter((action) => action !== undefined)
  return (
    <div
      className={classNames(
        'absolute flex -translate-y-1/2 rounded-md border border-line bg-raised shadow-card',
        'max-tablet:end-1 max-tablet:top-0 max-tablet:z-1 tablet:top-1/2',
        isMine ? 'tablet:end-full tablet:me-2' : 'tablet:start-full tablet:ms-2',
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
          className="max-tablet:hidden!"
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
