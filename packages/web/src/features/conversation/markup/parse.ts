import { Lexer, type MarkedToken, type Token, type Tokens } from 'marked'
import { ChatTokenizer } from './chat-tokenizer.ts'
import { isDeceptive, safeHref } from './links.ts'
import { type Block, type Inline, type ListItem, textOf } from './tree.ts'

/** Longer runs of spaces take the parser quadratic time, and are no wider for a reader. */
const longBlank = /[^\S\n]{200,}/g

/**
 * Reads the text of a message. What comes out holds nothing but the kinds of `tree.ts` and addresses of the web and of
 * mail; whatever else somebody wrote is text. It never throws.
 */
export function parseMarkup(text: string): readonly Block[] {
  try {
    const lexer = new Lexer({ gfm: true, breaks: true, tokenizer: new ChatTokenizer() })
    return lexer.lex(text.replace(longBlank, (blank) => blank.slice(0, 200))).flatMap(toBlock)
  } catch {
    // Nested deeper than the stack: it is shown as it was written.
    return [{ kind: 'paragraph', children: [{ kind: 'text', text }] }]
  }
}

function toBlock(token: Token): Block[] {
  if (!isOurs(token)) return []
  switch (token.type) {
    case 'space':
      return []
    case 'blockquote':
      return [{ kind: 'quote', children: token.tokens.flatMap(toBlock) }]
    case 'code':
      return [toCode(token.text, token.lang?.trim() ?? '')]
    case 'list':
      return [{ kind: 'list', isOrdered: token.ordered, items: token.items.map(toItem) }]
    case 'paragraph':
    case 'text':
      return [{ kind: 'paragraph', children: token.tokens?.flatMap(toInline) ?? [asText(token.text)] }]
    default:
      return [{ kind: 'paragraph', children: [asText(token.raw)] }]
  }
}

/** One word behind the fence is a language; several are what somebody began to write there. */
function toCode(text: string, info: string): Block {
  if (/\s/.test(info)) return { kind: 'code', text: `${info}\n${text}`, language: undefined }
  return { kind: 'code', text, language: info || undefined }
}

/** It keeps the number that was written. The box of a task stands before its words. */
function toItem({ raw, tokens }: Tokens.ListItem): ListItem {
  const digits = /^\s*(\d{1,9})[.)]/.exec(raw)?.[1]
  const number = digits === undefined ? undefined : Number(digits)
  const children = tokens.flatMap(toBlock)
  const [box, first, ...rest] = children
  if (tokens[0]?.type !== 'checkbox' || box?.kind !== 'paragraph' || first?.kind !== 'paragraph') {
    return { number, children }
  }
  return { number, children: [{ kind: 'paragraph', children: [...box.children, ...first.children] }, ...rest] }
}

function toInline(token: Token): Inline[] {
  if (!isOurs(token)) return []
  switch (token.type) {
    case 'text':
      // Not its `text`, in which references of HTML are read.
      return token.tokens?.flatMap(toInline) ?? [asText(token.raw)]
    case 'escape':
      return [asText(token.text)]
    case 'br':
      return [asText('\n')]
    case 'codespan':
      return [{ kind: 'code', text: token.text }]
    case 'strong':
      return [{ kind: 'strong', children: token.tokens.flatMap(toInline) }]
    case 'em':
      return [{ kind: 'emphasis', children: token.tokens.flatMap(toInline) }]
    case 'del':
      return [{ kind: 'strike', children: token.tokens.flatMap(toInline) }]
    case 'link': {
      const href = safeHref(token.href)
      const children = token.tokens.flatMap(toInline)
      const isHonest = href !== undefined && (token.autolink === true || !isDeceptive(textOf(children), href))
      return isHonest && children.length > 0 ? [{ kind: 'link', href, children }] : [asText(token.raw)]
    }
    default:
      return [asText(token.raw)]
  }
}

function asText(text: string): Inline {
  return { kind: 'text', text }
}

/** The lexer is given no extension, so that there are no other tokens than its own. */
function isOurs(token: Token): token is MarkedToken {
  return token.raw !== undefined
}
