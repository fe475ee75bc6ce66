import type { ReactNode } from 'react'
import { CodeBlock } from './CodeBlock.tsx'
import { InlineView, type Mentionable } from './InlineView.tsx'
import type { Block, Inline } from './tree.ts'

type ViewProps<Node> = Readonly<{ block: Node; people: Mentionable }>

/** A part of a message. Each has the direction of its own first letter. */
export function BlockView({ block, people }: ViewProps<Block>): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
          {inlines(block.children, people)}
        </p>
      )
    case 'quote':
      return (
        <blockquote dir="auto" className="flex flex-col gap-2 border-s-3 border-line-strong ps-3 text-muted">
          {blocks(block.children, people)}
        </blockquote>
      )
    case 'code':
      return <CodeBlock code={block.text} language={block.language} />
    case 'list':
      return <ListView block={block} people={people} />
  }
}

function ListView({ block, people }: ViewProps<Extract<Block, { kind: 'list' }>>) {
  const items = block.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the items of a text have no identity but their place
    <li key={index} value={item.number} className="ps-1 marker:text-muted">
      <div className="flex flex-col gap-1">{blocks(item.children, people)}</div>
    </li>
  ))
  if (!block.isOrdered) {
    return (
      <ul dir="auto" className="flex list-disc flex-col gap-0.5 ps-5">
        {items}
      </ul>
    )
  }
  return (
    <ol dir="auto" className="flex list-decimal flex-col gap-0.5 ps-7">
      {items}
    </ol>
  )
}

function blocks(children: readonly Block[], people: Mentionable): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text have no identity but their place
  return children.map((child, index) => <BlockView key={index} block={child} people={people} />)
}

function inlines(children: readonly Inline[], people: Mentionable): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no identity but their place
  return children.map((child, index) => <InlineView key={index} inline={child} people={people} />)
}
