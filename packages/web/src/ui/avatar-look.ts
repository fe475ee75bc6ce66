/** How many colours there are for those without a picture; see `avatar.css`. */
const HUES = 8

/** The first letters of the first and last word, as people abbreviate names. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s_.-]+/)
    .filter(Boolean)
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return [first, last]
    .map((word) => (word ? firstLetter(word) : ''))
    .join('')
    .toLocaleUpperCase()
}

/** A whole letter, whatever it is made of. */
function firstLetter(word: string): string {
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment
  return ''
}

/** The colour of a name, 0 to 7: the same everywhere and always. The hash is FNV-1a. */
export function avatarHue(name: string): number {
  let hash = 0x811c9dc5
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 0) % HUES
}
