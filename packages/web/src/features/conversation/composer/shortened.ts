/**
 * The beginning of a name, for a line of the other direction. There the end of what is too long stands at the side where
 * the line begins, so that cutting the line would take the beginning of the name. It keeps the direction of its own.
 *
 * @param max how many letters have room beside a few words
 */
export function shortened(name: string, max: number): string {
  const letters = [...new Intl.Segmenter().segment(name)]
  if (letters.length <= max) return isolated(name)
  const beginning = letters.slice(0, max - 1).map(({ segment }) => segment)
  return isolated(`${beginning.join('').trimEnd()}…`)
}

/** Within marks that keep the direction of a text from mixing with what stands around it. */
function isolated(words: string): string {
  return `\u2068${words}\u2069`
}
