/**
 * The form of a text in which it is searched: without regard to case, accents, width or ligatures, and with the ends of
 * its words marked, in any language. What is stored and what is asked for take the same way.
 */

/** Stands at both ends of every word of a bounded text; occurs in no folded text. */
export const BOUNDARY = '\u001f'

/** Accents, vowel points and variant selectors; the marks that make another letter (kana, Thai, Devanagari …) are not. */
const accents = /[[\p{Mn}&&[\p{sc=Zinh}\p{sc=Hebr}\p{sc=Arab}\p{sc=Cyrl}]]--[\u3099\u309a]]/gv

/** Letters that are an accented one to the eye and another one to Unicode. */
const lookalikes: Readonly<Record<string, string>> = { ς: 'σ', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe' }

/** Folds a text; white space and control characters become one space. */
export function fold(text: string): string {
  if (isPlain.test(text)) return text.toLowerCase().replace(gaps, ' ')
  const bare = text.normalize('NFKD').replace(accents, '')
  // By way of the capitals, so that ß is ss and a dotless i an i.
  const lower = bare.toUpperCase().toLowerCase().replace(accents, '').normalize('NFKC')
  return lower.replace(/[ςøłđæœ]/g, (letter) => lookalikes[letter] ?? letter).replace(gaps, ' ')
}

const isPlain = /^[\t\n\r\u0020-\u007e]*$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const gaps = /[\s\u0000-\u001f\u007f\u200b\ufeff]+/g

/** Scripts written without spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u

/** Letters that say as much as a syllable or a word, and pictures: one of them is worth searching for. */
const dense = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{Extended_Pictographic}]/u

/** Whether a character is of a script in which a word may be one or two characters long, or a picture. */
export function isDense(character: string): boolean {
  return character > '\u007f' && dense.test(character)
}

const runs = /[\p{L}\p{N}\p{M}]+/gu
const segmenter = new Intl.Segmenter('und', { granularity: 'word' })

/** A folded text with the ends of its words marked. Words of scripts without spaces are found by a dictionary. */
export function bound(folded: string): string {
  return folded.replace(runs, (run) => `${BOUNDARY}${wordsOfRun(run).join(BOUNDARY)}${BOUNDARY}`)
}

function wordsOfRun(run: string): string[] {
  if (!unspaced.test(run)) return [run]
  return Array.from(segmenter.segment(run), ({ segment }) => segment)
}

const startsWord = /^[\p{L}\p{N}\p{M}]/u

/** The words of a bounded text. */
export function wordsOf(bounded: string): string[] {
  return bounded.split(BOUNDARY).filter((part) => startsWord.test(part))
}
