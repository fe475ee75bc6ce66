import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMemo } from 'react'
import { classNames } from '../../../ui/class-names.ts'
import { splitMentions } from './mentions.ts'
import type { Inline } from './tree.ts'

/** Who can be mentioned, by folded username: oneself, and everybody with their ids where they are known. */
export type Mentionable = Readonly<{ me: string | undefined; ids: ReadonlyMap<string, number> | undefined }>

/** A piece of running text. Links and code keep their letters in order whatever stands around them. */
export function InlineView({ inline, people }: { inline: Inline; people: Mentionable }): ReactNode {
  switch (inline.kind) {
    case 'text':
      return <WithMentions text={inline.text} people={people} />
    case 'code':
      return (
        <code dir="auto" className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-[0.875em] text-ink">
          {inline.text}
        </code>
      )
    case 'strong':
      return <strong className="font-semibold">{inlines(inline.children, people)}</strong>
    case 'emphasis':
      return <em>{inlines(inline.children, people)}</em>
    case 'strike':
      return <s>{inlines(inline.children, people)}</s>
    case 'link':
      return (
        <a
          dir="auto"
          href={inline.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          title={inline.href}
          className="text-accent-ink underline decoration-1 underline-offset-2 hover:decoration-2"
        >
          {inlines(inline.children, people)}
        </a>
      )
  }
}

function inlines(children: readonly Inline[], people: Mentionable): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no identity but their place
  return children.map((child, index) => <InlineView key={index} inline={child} people={people} />)
}

function WithMentions({ text, people }: { text: string; people: Mentionable }): ReactNode {
  const parts = useMemo(() => splitMentions(text, people.ids && new Set(people.ids.keys())), [text, people])
  if (parts.length === 1 && parts[0]?.username === undefined) return text
  let at = 0
  return parts.map((part) => {
    at += part.text.length
    if (part.username === undefined) return part.text
    const isMe = part.username === people.me
    const look = classNames(
      'rounded-sm px-0.5 font-semibold',
      isMe ? 'bg-fresh-soft text-fresh-ink' : 'text-accent-ink hover:underline',
    )
    const id = people.ids?.get(part.username)
    if (id === undefined) {
      return (
        <bdi key={at} className={look}>
          {part.text}
        </bdi>
      )
    }
    return (
      <Link key={at} dir="auto" to="/people/$userId" params={{ userId: id }} className={look}>
        {part.text}
      </Link>
    )
  })
}
