/**
 * `@username` in a text, by the rules by which the server notifies: usernames may hold letters and digits of any script
 * and `.`, `_`, `@`, `+`, `-`, so that of the names that may be meant the longest that there is, is the one.
 */

/** A piece of text; with a username where it mentions somebody. */
export type TextPart = Readonly<{ text: string; username?: string }>

/** Scripts that are written without spaces: a name may end before each letter. */
const unspaced = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}`
const mention = new RegExp(
  String.raw`(?<![[\p{L}\p{M}\p{N}._@+\-\/]--[${unspaced}]])[@＠]([\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}._@+\-]{0,149})`,
  'gv',
)
const mayEnd = new RegExp(String.raw`^(?:$|[.@+_\-]|[${unspaced}])`, 'v')
const trailingMarks = /[.@+_-]+$/

/** How usernames are compared. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

/**
 * Cuts a text into what is a mention and what is not.
 *
 * @param names the folded usernames of those who can be mentioned; where they are not known, what looks like a mention is
 * one
 */
export function splitMentions(text: string, names: ReadonlySet<string> | undefined): readonly TextPart[] {
  if (!/[@＠]/.test(text)) return [{ text }]
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(mention)) {
    const username = readName(match[1] ?? '', names)
    if (!username) continue
    if (match.index > at) parts.push({ text: text.slice(at, match.index) })
    at = match.index + 1 + username.length
    parts.push({ text: text.slice(match.index, at), username: foldName(username) })
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}

function readName(written: string, names: ReadonlySet<string> | undefined): string {
  if (!names) return written.replace(trailingMarks, '')
  for (let end = written.length; end > 0; end -= 1) {
    const name = written.slice(0, end)
    if (mayEnd.test(written.slice(end)) && names.has(foldName(name))) return name
  }
  return ''
}
