/**
 * Finds `@username` in the text of a message. Usernames may hold letters and digits of any script and `.`, `_`, `@`, `+`
 * and `-`, so that the text alone does not say where a name ends: what is found are the names that may be meant, and the
 * longest that somebody in the room has is the one.
 */

/** One `@…` of a text: the names it may stand for, longest first, as they are written. */
export type Mention = readonly string[]

/** More mentions of one text than this are not looked at. */
const MAX_MENTIONS = 50

/** More readings of one mention than this are not tried. */
const MAX_READINGS = 6

/** Scripts that are written without spaces, or whose particles follow a name at once: a name may end before each letter. */
const unspaced = String.raw`[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]`

/** An @ that begins a word (so not that of an email address or a path), and all that can be part of a name. */
const pattern = new RegExp(
  String.raw`(?<![[\p{L}\p{M}\p{N}._@+\-\/]--${unspaced}])@([\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}._@+\-]{0,149})`,
  'gv',
)
const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g
const trailingMarks = /[.@+_-]+$/
const startsUnspaced = new RegExp(`^${unspaced}`, 'v')

/** The mentions of a text, in order; none of what stands in code. */
export function findMentions(text: string): Mention[] {
  if (!/[@＠]/.test(text)) return []
  const prose = text.normalize('NFKC').replace(code, ' ')
  const found: Mention[] = []
  for (const [, name] of prose.matchAll(pattern)) {
    if (name !== undefined) found.push(readings(name))
    if (found.length === MAX_MENTIONS) break
  }
  return found
}

/** `bob.你好` may be the name itself, `bob.` or `bob`. */
function readings(name: string): string[] {
  const ends = [...name.matchAll(/./gsu)].filter((match) => match.index > 0 && startsUnspaced.test(match[0]))
  const whole = [name, ...ends.map((match) => name.slice(0, match.index)).reverse()]
  const all = whole.flatMap((one) => [one, one.replace(trailingMarks, '')]).filter(Boolean)
  const distinct = [...new Set(all)].sort((a, b) => b.length - a.length)
  // The shortest are kept too: in running text of such a script, the name is the beginning.
  return distinct.length <= MAX_READINGS ? distinct : [...distinct.slice(0, 1), ...distinct.slice(1 - MAX_READINGS)]
}
