import type { Emoji } from './catalog.ts'

/**
 * The emoji that somebody looks for, best first: by shortcode and name before other words, by the beginning of a word
 * before its middle. Every word of the query counts.
 */
export function searchEmoji(all: readonly Emoji[], query: string, limit: number): readonly Emoji[] {
  const terms = query
    .toLowerCase()
    .split(/[\s_:-]+/)
    .filter(Boolean)
  if (terms.length === 0) return []
  const whole = terms.join('_')
  const found = all.flatMap((emoji) => {
    const ranks = terms.map((term) => rankOf(emoji, term))
    if (ranks.includes(0)) return []
    const isExact = emoji.codes.includes(whole) || emoji.name.toLowerCase() === terms.join(' ')
    return [{ emoji, rank: Math.min(...ranks) + (isExact ? 10 : 0) }]
  })
  // A stable sort: what ranks alike stays in the usual order.
  return found
    .sort((one, other) => other.rank - one.rank)
    .slice(0, limit)
    .map(({ emoji }) => emoji)
}

/** How well a word fits, 0 not at all. */
function rankOf({ name, words, codes }: Emoji, term: string): number {
  if (codes.some((code) => code.startsWith(term))) return 5
  const names = name.toLowerCase().split(/[\s-]+/)
  if (names.some((word) => word.startsWith(term))) return 4
  if (words.some((word) => word.startsWith(term))) return 3
  if (codes.some((code) => code.includes(term))) return 2
  return name.toLowerCase().includes(term) ? 1 : 0
}
