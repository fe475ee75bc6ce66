import type { Message } from '@confab/client'
import { useClient } from '@confab/client/react'
import { CheckCheck, Copy, Link2, Pencil, Trash2 } from 'lucide-react'
import { copyText } from '../../../lib/clipboard.ts'
import { useErrorText } from '../../../lib/i18n/use-error-text.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import type { MenuEntry } from '../../../ui/Menu.tsx'
import { showToast } from '../../../ui/toasts.ts'
import { deleteWithUndo } from '../deletions.ts'
import { startEditing } from '../editing.ts'
import { useList } from '../list/list-context.ts'

type Action = Extract<MenuEntry, { onSelect: () => void }>

/** What one can do with a message; what one may not is undefined. */
export type MessageActions = Readonly<{
  edit: Action | undefined
  copy: Action | undefined
  link: Action
  readers: Action | undefined
  remove: Action | undefined
}>

/** The actions for a message, as this person may do them. */
export function useMessageActions(message: Message, isMine: boolean): MessageActions {
  const text = useText()
  const errorText = useErrorText()
  const client = useClient()
  const { isAdmin, showReaders } = useList()

  const copy = async (words: string, told: string) => {
    if (await copyText(words)) showToast({ title: told, timeoutMs: 2_500 })
    else showToast({ title: text('conversation.copy.failed'), tone: 'danger' })
  }
  const copyContent = () => void copy(message.content, text('conversation.copied'))
  const copyLink = () => {
    const { href } = new URL(`/rooms/${message.room}?message=${message.id}`, location.origin)
    void copy(href, text('conversation.link.copied'))
  }
  const remove = () =>
    void deleteWithUndo(client, message, {
      deleted: text('conversation.delete.done'),
      undo: text('conversation.delete.undo'),
      failed: (error) => errorText(error),
    })
  return {
    edit: isMine
      ? {
          key: 'edit',
          label: text('conversation.edit'),
          icon: <Pencil size={16} aria-hidden />,
          onSelect: () => startEditing(message),
        }
      : undefined,
    copy: message.content
      ? {
          key: 'copy',
          label: text('conversation.copy'),
          icon: <Copy size={16} aria-hidden />,
          onSelect: copyContent,
        }
      : undefined,
    link: {
      key: 'link',
      label: text('conversation.link'),
      icon: <Link2 size={16} aria-hidden />,
      onSelect: copyLink,
    },
    readers: isMine
      ? {
          key: 'readers',
          label: text('conversation.readers'),
          icon: <CheckCheck size={16} aria-hidden />,
          onSelect: () => showReaders(message),
        }
      : undefined,
    remove:
      isMine || isAdmin
        ? {
            key: 'delete',
            label: text('conversation.delete'),
            icon: <Trash2 size={16} aria-hidden />,
            isDangerous: true,
            onSelect: remove,
          }
        : undefined,
  }
}

/** The actions as the entries of a menu. */
export function toEntries({ edit, copy, link, readers, remove }: MessageActions): MenuEntry[] {
  const entries: (MenuEntry | undefined)[] = [
    edit,
    copy,
    link,
    readers,
    remove && { kind: 'separator', key: 'separator' },
    remove,
  ]
  return entries.filter((entry) => entry !== undefined)
}
