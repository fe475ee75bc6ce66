/** As many letters of a name have room in a line of a phone beside a few words. */
const MAX_LETTERS = 20

/**
 * The beginning of a name, for a line of the other direction. There the end of what is too long stands at the side where
 * the line begins, so that cutting the line would take the beginning of the name. It keeps the direction of its own.
 */
export function shortened(name: string): string {
  const letters = [...new Intl.Segmenter().segment(name)]
  if (letters.length <= MAX_LETTERS) return isolated(name)
  const beginning = letters.slice(0, MAX_LETTERS - 1).map(({ segment }) => segment)
  return isolated(`${beginning.join('').trimEnd()}…`)
}

/** Within marks that keep the direction of a text from mixing with what stands around it. */
function isolated(words: string): string {
  return `\u2068${words}\u2069`
}
