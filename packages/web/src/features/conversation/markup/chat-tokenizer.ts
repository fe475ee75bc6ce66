import { Tokenizer, type Tokens } from 'marked'

/** Quotes inside each other beyond this are text: nobody means them, and the parser is recursive. */
const MAX_QUOTES = 8

const quote = /^(?: {0,3}>[^\n]*(?:\n|$))+/
const quoteMark = /^ {0,3}> ?/gm

function nothing(): undefined {
  return undefined
}

/**
 * The part of Markdown that people write in chats. Headings, rules, tables, HTML, indented code and references are text
 * as it was typed; a quote ends where a line has no `>`.
 */
export class ChatTokenizer extends Tokenizer {
  override code = nothing
  override heading = nothing
  override lheading = nothing
  override hr = nothing
  override html = nothing
  override def = nothing
  override table = nothing
  override tag = nothing
  override reflink = nothing
  #quotes = 0

  override blockquote(source: string): Tokens.Blockquote | undefined {
    const raw = quote.exec(source)?.[0]
    if (raw === undefined || this.#quotes >= MAX_QUOTES) return undefined
    const text = raw.replace(quoteMark, '')
    const { state } = this.lexer
    const { top } = state
    this.#quotes += 1
    state.top = true
    const tokens = this.lexer.blockTokens(text, [])
    state.top = top
    this.#quotes -= 1
    return { type: 'blockquote', raw, text, tokens }
  }
}
