import type { Highlight } from '@confab/client'

/** A part of a text, and whether it is what was found. */
export type TextPart = Readonly<{ text: string; isFound: boolean; start: number }>

/**
 * A text in parts, by the highlights of the search, whose ends are counted in UTF-16 units. What lies outside of the text,
 * or overlaps, is left out: the text is always whole.
 */
export function splitByHighlights(text: string, highlights: readonly Highlight[]): readonly TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  const add = (until: number, isFound: boolean) => {
    if (until > at) parts.push({ text: text.slice(at, until), isFound, start: at })
    at = Math.max(at, until)
  }
  for (const { start, end } of [...highlights].sort((one, other) => one.start - other.start)) {
    add(Math.min(start, text.length), false)
    add(Math.min(end, text.length), true)
  }
  add(text.length, false)
  return parts
}

/** Where words stand in a name, without regard to case: for what is found on the device. */
export function findWords(text: string, query: string): readonly Highlight[] | undefined {
  const lower = text.toLowerCase()
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  // Lower case may be longer than the text, as of `İ`; then it cannot be said where in the text a word is.
  const isAligned = lower.length === text.length
  const found = words.map((word) => ({ start: lower.indexOf(word), end: lower.indexOf(word) + word.length }))
  if (words.length === 0 || found.some(({ start }) => start === -1)) return undefined
  return isAligned ? found : []
}
