import { useChat, useMe } from '@confab/client/react'
import { memo, useMemo } from 'react'
import { classNames } from '../../../ui/class-names.ts'
import { BlockView } from './BlockView.tsx'
import { countLargeEmoji } from './emoji-only.ts'
import type { Mentionable } from './InlineView.tsx'
import { foldName } from './mentions.ts'
import { parseMarkup } from './parse.ts'

const sizes = ['', 'text-5xl', 'text-4xl', 'text-4xl', 'text-3xl', 'text-3xl', 'text-3xl']

/**
 * The text of a message as its writer meant it: basic Markdown, links, mentions, emoji. Elements are made from a tree, never
 * from HTML.
 *
 * @param room whose members can be mentioned; without it whatever looks like a mention is shown as one
 */
export const MessageText = memo(function MessageText({ text, room }: { text: string; room?: number }) {
  const large = countLargeEmoji(text)
  const blocks = useMemo(() => parseMarkup(text), [text])
  const people = useMentionable(room)
  if (large > 0) {
    return (
      <p dir="auto" className={classNames('py-1 leading-tight', sizes[large])}>
        {text.trim()}
      </p>
    )
  }
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text have no identity but their place
        <BlockView key={index} block={block} people={people} />
      ))}
    </div>
  )
})

const nobody: Mentionable = { me: undefined, ids: undefined }

function useMentionable(room: number | undefined): Mentionable {
  const me = useMe()?.username
  const members = useChat(({ details }) => (room === undefined ? undefined : details[room]?.participants))
  return useMemo(() => {
    if (me === undefined && !members) return nobody
    const ids = members && new Map(members.map(({ id, username }) => [foldName(username), id]))
    return { me: me === undefined ? undefined : foldName(me), ids }
  }, [me, members])
}
