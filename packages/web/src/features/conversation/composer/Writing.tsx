import { useClient, useRoom } from '@confab/client/react'
import { Check, SendHorizontal } from 'lucide-react'
import { type ClipboardEvent, type KeyboardEvent, type RefObject, useEffect, useRef } from 'react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { useLayout, useMediaQuery } from '../../../lib/media-query.ts'
import { usePreference } from '../../../lib/preferences.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Spinner } from '../../../ui/Spinner.tsx'
import { GrowingText } from '../../../ui/TextArea.tsx'
import { lastOwnMessage, startEditing, stopEditing } from '../editing.ts'
import { AttachmentStrip } from './AttachmentStrip.tsx'
import { DropZone } from './DropZone.tsx'
import { EditingBar } from './EditingBar.tsx'
import { EmojiButton } from './EmojiButton.tsx'
import { linkOver, markOfKeys, toggleMark } from './formatting.ts'
import { ImageButton } from './ImageButton.tsx'
import { LengthHint } from './LengthHint.tsx'
import { insertText, replaceText } from './replace-text.ts'
import { SuggestionList } from './SuggestionList.tsx'
import { shortened } from './shortened.ts'
import { useAddImages } from './use-add-images.ts'
import { useCompletion } from './use-completion.ts'
import { useWriting } from './use-writing.ts'

/** The text area of a room with everything around it. What is not sent stays a draft. */
export function Writing({ room }: { room: number }) {
  const text = useText()
  const client = useClient()
  const name = useRoom(room)?.chat_name
  const writing = useWriting(room)
  const { editing, attachments } = writing
  const area = useRef<HTMLTextAreaElement>(null)
  const completion = useCompletion(room, area, writing.text)
  const addImages = useAddImages(room)
  const isSendKey = useSendKey()
  const isPhone = useLayout() === 'phone'
  useFocus(area, room, editing?.id)

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (completion.onKey(event) || event.nativeEvent.isComposing) return
    const mark = markOfKeys(event)
    const last = event.key === 'ArrowUp' && writing.text === '' && !editing && lastOwnMessage(client.state, room)
    if (isSendKey(event)) writing.send()
    else if (mark) replaceText(event.currentTarget, toggleMark(selectionOf(event.currentTarget), mark))
    else if (event.key === 'Escape' && editing) stopEditing()
    else if (last) startEditing(last)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const files = [...event.clipboardData.files]
    const pasted = event.clipboardData.getData('text/plain')
    const link = linkOver(selectionOf(event.currentTarget), pasted)
    // Office programs put a picture of every text beside it.
    if (files.length > 0 && !pasted && !editing) addImages(files)
    else if (link) replaceText(event.currentTarget, link)
    else return
    event.preventDefault()
  }
  return (
    <form
      aria-label={text('composer.label')}
      className="relative flex shrink-0 flex-col gap-2 border-t border-line bg-surface px-4 py-3 pb-[max(--spacing(3),env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault()
        writing.send()
      }}
    >
      {editing ? null : <DropZone inside={area} onDrop={addImages} />}
      {editing ? <EditingBar message={editing} /> : null}
      {!editing && attachments.length > 0 ? <AttachmentStrip room={room} attachments={attachments} /> : null}
      <div className="relative flex items-end gap-2">
        {completion.isOpen ? (
          <SuggestionList
            id={completion.id}
            suggestions={completion.suggestions}
            activeIndex={completion.activeIndex}
            onPick={completion.pick}
          />
        ) : null}
        {editing ? null : <ImageButton onPick={addImages} />}
        <div className="flex min-w-0 grow items-end rounded-lg border border-line-strong bg-raised focus-within:border-accent focus-within:ring-1 focus-within:ring-accent">
          <GrowingText
            ref={area}
            data-composer
            {...completion.areaProps}
            aria-label={editing ? text('composer.editing') : text('composer.write')}
            aria-invalid={writing.isTooLong}
            placeholder={
              name ? text('composer.write.room', { room: shortened(name, isPhone ? 12 : 20) }) : text('composer.write')
            }
            // While it is empty the placeholder has the direction of the app.
            {...(writing.text && { dir: 'auto' })}
            enterKeyHint={editing ? 'done' : 'send'}
            value={writing.text}
            onChange={(next) => {
              writing.write(next)
              completion.look()
            }}
            onSelect={completion.look}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            className="px-3.5 py-2 text-ink outline-none placeholder:truncate placeholder:text-faint"
          />
          <EmojiButton
            returnTo={area}
            onPick={(unicode) => {
              const element = area.current
              if (element) insertText(element, unicode, [element.selectionStart, element.selectionEnd])
            }}
          />
        </div>
        <IconButton
          type="submit"
          kind="primary"
          icon={<SendIcon isEdit={editing !== undefined} isBusy={writing.isSaving} />}
          label={text(editing ? 'composer.save' : 'composer.send')}
          tooltipSide="top"
          disabled={!writing.canSend}
          // The focus, and with it the keyboard of a phone, stays where one writes.
          onMouseDown={(event) => event.preventDefault()}
        />
      </div>
      <LengthHint length={writing.length} max={writing.maxLength} />
    </form>
  )
}

function SendIcon({ isEdit, isBusy }: { isEdit: boolean; isBusy: boolean }) {
  if (isBusy) return <Spinner size={20} />
  if (isEdit) return <Check size={20} aria-hidden />
  return <SendHorizontal size={20} aria-hidden className="rtl:-scale-x-100" />
}

/** With a keyboard Enter sends, or makes a line where that was chosen; under a finger it makes a line. */
function useSendKey(): (event: KeyboardEvent) => boolean {
  const [enterSends] = usePreference('enterSends')
  const isTouch = useMediaQuery('(pointer: coarse)')
  return ({ key, shiftKey, altKey, ctrlKey, metaKey }) =>
    key === 'Enter' && (ctrlKey || metaKey || (enterSends && !isTouch && !shiftKey && !altKey))
}

/** Whoever begins or ends to edit goes on writing; a mouse at hand, whoever comes to the room, too. */
function useFocus(area: RefObject<HTMLTextAreaElement | null>, room: number, editing: number | undefined) {
  const isFirst = useRef(true)
  useEffect(() => {
    const element = area.current
    const isArrival = isFirst.current && editing === undefined
    isFirst.current = false
    if (!element || (isArrival && (isInUse(document.activeElement, room) || !matchMedia('(pointer: fine)').matches)))
      return
    element.focus({ preventScroll: true })
    element.setSelectionRange(element.value.length, element.value.length)
  }, [area, room, editing])
}

/** Where somebody has gone on to by now, since the room was long on its way, the focus stays; not on what led to the room. */
function isInUse(focused: Element | null, room: number): boolean {
  const isNowhere = !focused || focused === document.body
  return !isNowhere && !focused.matches(`[data-room="${room}"], nav [aria-current="page"]`)
}

function selectionOf({ value, selectionStart, selectionEnd }: HTMLTextAreaElement) {
  return { text: value, start: selectionStart, end: selectionEnd }
}
