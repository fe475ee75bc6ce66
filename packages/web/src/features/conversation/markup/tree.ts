/** A piece of running text. A line break is a `\n` in a text. */
export type Inline =
  | Readonly<{ kind: 'text' | 'code'; text: string }>
  | Readonly<{ kind: 'strong' | 'emphasis' | 'strike'; children: readonly Inline[] }>
  | Readonly<{ kind: 'link'; href: string; children: readonly Inline[] }>

/** A part of a message that stands on lines of its own. */
export type Block =
  | Readonly<{ kind: 'paragraph'; children: readonly Inline[] }>
  | Readonly<{ kind: 'quote'; children: readonly Block[] }>
  | Readonly<{ kind: 'code'; text: string; language: string | undefined }>
  | Readonly<{ kind: 'list'; isOrdered: boolean; items: readonly ListItem[] }>

/** What stands behind a dot, or behind the number that was written. */
export type ListItem = Readonly<{ number: number | undefined; children: readonly Block[] }>

/** All characters that somebody gets to read, in order; the marks around them are not among them. */
export function textOf(nodes: readonly (Block | Inline)[]): string {
  return nodes
    .map((node) => {
      if ('text' in node) return node.text
      return node.kind === 'list' ? node.items.map((item) => textOf(item.children)).join('\n') : textOf(node.children)
    })
    .join('')
}
