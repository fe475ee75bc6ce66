import type { Message } from '@confab/client'
import { type FocusEvent, type KeyboardEvent, type MouseEvent, memo, type PointerEvent, useId, useState } from 'react'
import { useFormats } from '../../../lib/formats.ts'
import { isHotkey } from '../../../lib/hotkeys.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { Avatar } from '../../../ui/Avatar.tsx'
import { ContextMenu } from '../../../ui/ContextMenu.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { useList } from '../list/list-context.ts'
import { MessageText } from '../markup/MessageText.tsx'
import { MessageImage } from '../media/MessageImage.tsx'
import { bubbleLook, contentLook, lineLook } from './bubble.ts'
import { MessageMeta } from './MessageMeta.tsx'
import { MessageToolbar } from './MessageToolbar.tsx'
import { type MessageActions, toEntries, useMessageActions } from './use-message-actions.tsx'

export type MessageRowProps = {
  /** The key of the row, by which the keyboard finds it. */
  id: string
  message: Message
  isMine: boolean
  /** Whether it begins, and ends, a run of messages of one sender. */
  isFirst: boolean
  isLast: boolean
  /** Whether the keyboard enters the list here. */
  isTabStop: boolean
  /** It was asked for: it is lit up. */
  isMarked: boolean
  isEdited: boolean
}

/** A message with what one can do with it: beside it while one points at it, at a right click, a long press, or Enter. */
export const MessageRow = memo(function MessageRow({
  id,
  message,
  isMine,
  isFirst,
  isLast,
  isTabStop,
  isMarked,
  isEdited,
}: MessageRowProps) {
  const { isGroup, authorOf } = useList()
  const actions = useMessageActions(message, isMine)
  const { isPointedAt, ...pointing } = usePointedAt()
  const contentId = useId()
  const label = useLabel(message, isMine)
  const author = authorOf(message.sender)
  const hasFace = isGroup && !isMine
  return (
    <article
      {...pointing}
      data-key={id}
      data-message={message.id}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={label}
      aria-describedby={contentId}
      aria-posinset={message.no}
      aria-setsize={-1}
      onKeyDown={(event) => onRowKey(event, actions)}
      onContextMenu={passToLine}
      className="rounded-lg"
    >
      <ContextMenu entries={toEntries(actions)}>
        <div className={lineLook({ isMine, isFirst })}>
          {hasFace ? <Face name={author.name} image={author.image} isShown={isLast} /> : null}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keeps the browser's own menu for links and selections */}
          <div onContextMenu={keepNativeMenu} className="relative max-w-[82%] min-w-0 tablet:max-w-[72%]">
            <div className={bubbleLook({ isMine, isLast, isMarked, isEdited })}>
              {hasFace && isFirst ? (
                <p dir="auto" aria-hidden className="match-parent truncate text-xs font-semibold text-accent-ink">
                  {author.name}
                </p>
              ) : null}
              {message.image ? <MessageImage message={message} /> : null}
              <div className={classNames(contentLook, message.image !== null && 'pt-1')}>
                <div id={contentId} className="min-w-0 grow">
                  {message.content ? <MessageText text={message.content} room={message.room} /> : null}
                </div>
                <MessageMeta message={message} isMine={isMine} />
              </div>
            </div>
            {isPointedAt ? <MessageToolbar actions={actions} isMine={isMine} /> : null}
          </div>
        </div>
      </ContextMenu>
    </article>
  )
})

function Face({ name, image, isShown }: { name: string; image: string | null; isShown: boolean }) {
  return <span className="w-8 shrink-0">{isShown ? <Avatar name={name} image={image} size="sm" /> : null}</span>
}

function useLabel({ sender, timestamp }: Message, isMine: boolean): string {
  const text = useText()
  const { exact } = useFormats()
  const { authorOf } = useList()
  const name = isMine ? text('conversation.you') : authorOf(sender).name
  return text('conversation.message.label', { name, at: exact(timestamp) })
}

/** Whether a mouse is over it or the focus inside it. */
function usePointedAt() {
  const [isHovered, setIsHovered] = useState(false)
  const [isFocused, setIsFocused] = useState(false)
  return {
    isPointedAt: isHovered || isFocused,
    onPointerEnter: ({ pointerType }: PointerEvent) => setIsHovered(pointerType === 'mouse'),
    onPointerLeave: () => setIsHovered(false),
    onFocus: () => setIsFocused(true),
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => setIsFocused(currentTarget.contains(relatedTarget)),
  }
}

function onRowKey(event: KeyboardEvent<HTMLElement>, actions: MessageActions): void {
  if (event.target !== event.currentTarget) return
  const does: [keys: string, action: (() => void) | undefined][] = [
    ['enter', () => openMenu(event.currentTarget)],
    ['e', actions.edit?.onSelect],
    ['delete', actions.remove?.onSelect],
    ['mod+c', getSelection()?.isCollapsed === false ? undefined : actions.copy?.onSelect],
  ]
  const action = does.find(([keys]) => isHotkey(event.nativeEvent, keys))?.[1]
  if (!action) return
  event.preventDefault()
  action()
}

/** Opens the menu of the line in a row, as the menu key does. */
function openMenu(row: HTMLElement): void {
  row.firstElementChild?.dispatchEvent(new globalThis.MouseEvent('contextmenu', { bubbles: true, cancelable: true }))
}

/** The menu key, with the focus on the row. */
function passToLine(event: MouseEvent<HTMLElement>): void {
  if (event.target !== event.currentTarget) return
  event.preventDefault()
  openMenu(event.currentTarget)
}

/** A link or selected words have a menu of the browser's own, which is not taken away from them. */
function keepNativeMenu(event: MouseEvent): void {
  const isOnLink = event.target instanceof Element && event.target.closest('a') !== null
  if (isOnLink || getSelection()?.isCollapsed === false) event.stopPropagation()
}
