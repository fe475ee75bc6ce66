/** What somebody is about to write that can be completed: of whom or of what, and where it stands. */
export type CompletionQuery = Readonly<{ kind: 'mention' | 'emoji'; query: string; start: number; end: number }>

/** Longer ones are no names. */
const MAX_QUERY = 40

const begun = /(?:^|[\s([{"'“„،])([@:])([\p{L}\p{M}\p{N}._+-]*)$/u

/** Shortcodes of one letter are too many, and `:D` and its like are meant as they are. */
const MIN_EMOJI_QUERY = 2

/** What is being written before the caret, where it can be completed; not within code. */
export function findQuery(text: string, caret: number): CompletionQuery | undefined {
  const before = text.slice(Math.max(0, caret - MAX_QUERY - 2), caret)
  const [, sign, query = ''] = begun.exec(before) ?? []
  if (sign === undefined || isInCode(text.slice(0, caret))) return undefined
  const kind = sign === '@' ? 'mention' : 'emoji'
  if (kind === 'emoji' && query.length < MIN_EMOJI_QUERY) return undefined
  return { kind, query, start: caret - query.length - 1, end: caret }
}

/** A shortcode that was just ended by its second colon. */
export function findShortcode(
  text: string,
  caret: number,
): Readonly<{ code: string; start: number; end: number }> | undefined {
  const [whole, code] = /:([\w+-]{1,50}):$/.exec(text.slice(Math.max(0, caret - 52), caret)) ?? []
  if (whole === undefined || code === undefined || isInCode(text.slice(0, caret))) return undefined
  const start = caret - whole.length
  // `10:30:45` and `a::b:` mean what they say.
  return /[\w:]/.test(text[start - 1] ?? '') ? undefined : { code, start, end: caret }
}

function isInCode(before: string): boolean {
  const fences = before.split('```').length - 1
  if (fences % 2 === 1) return true
  const line = before.slice(before.lastIndexOf('\n') + 1).replaceAll('```', '')
  return (line.split('`').length - 1) % 2 === 1
}
