/**
 * What the index holds of a text, and what is asked of it. The index is one of short pieces of text ("grams"): every
 * three letters that follow each other, every letter and pair of letters of a dense script, and the first one and two
 * letters of each word. Texts that have all the grams of a term may contain it; whether they do is seen by looking.
 *
 * A gram is stored as a number made of it and of the room, so that a search in a room reads nothing of other rooms:
 * measured, with a million messages it costs what it costs with ten thousand.
 */
import { BOUNDARY, bound, fold, isDense, wordsOf } from './fold.ts'

/** A word, or whatever else stands between spaces, that is searched for. */
export type Term = Readonly<{
  /** As it must occur, folded. */
  text: string
  /** As it stands in a bounded text where it is whole words, and where it is the beginning of one. */
  whole: string
  prefix: string
  grams: readonly string[]
  /** Of one or two letters: found only where a word begins with it. */
  isShort: boolean
}>

/** More terms of a search than this are not looked for. */
const MAX_TERMS = 10

/** As many grams of a term are looked up; of one room they bring few enough texts to look at. */
const MAX_GRAMS = 6

/** The terms of what somebody typed; none where there is nothing in it that could be found. */
export function parseTerms(query: string): Term[] {
  const texts = [...new Set(fold(query).split(' '))].filter(Boolean).slice(0, MAX_TERMS)
  return texts.map(toTerm).filter((term) => term.grams.length > 0)
}

function toTerm(text: string): Term {
  const bounded = bound(text)
  const content = contentGrams(text)
  const grams = content.length > 0 ? spread(content) : wordStarts(bounded).slice(0, 1)
  const prefix = bounded.endsWith(BOUNDARY) ? bounded.slice(0, -1) : bounded
  return { text, whole: bounded, prefix, grams, isShort: content.length === 0 }
}

/** Some of the grams, from all over the term: those beside each other say much the same. */
function spread(grams: readonly string[]): string[] {
  const step = Math.max(1, (grams.length - 1) / (MAX_GRAMS - 1))
  return grams.filter((_gram, index) => Math.floor(index / step) !== Math.floor((index - 1) / step)).slice(0, MAX_GRAMS)
}

/** What the index holds of a message. */
export type Indexed = Readonly<{ text: string; sender: string; grams: number[] }>

/** Makes it: the bounded text, the folded name of its sender, and the numbers of both's grams. */
export function indexMessage(roomId: number, content: string, senderName: string): Indexed {
  const folded = fold(content)
  const text = bound(folded)
  const sender = fold(senderName)
  const grams = [...contentGrams(folded), ...wordStarts(text), ...senderGrams(sender)]
  return { text, sender, grams: gramKeys(roomId, grams) }
}

/** The grams of a sender's name are apart from those of what they say. */
export function senderGrams(sender: string): string[] {
  return contentGrams(sender).map((gram) => `@${gram}`)
}

/** The numbers of grams in a room, each once. Different grams may share one: whoever uses them looks at the text. */
export function gramKeys(roomId: number, grams: readonly string[]): number[] {
  const seed = Math.imul(roomId, 0x9e3779b1) ^ Math.imul(Math.floor(roomId / 2 ** 32), 0x85ebca6b)
  return [...new Set(grams.map((gram) => hash(seed, gram)))]
}

/** FNV-1a over UTF-16 units, with the mixing step of MurmurHash3 at the end; 32 bits, signed as Postgres has them. */
function hash(seed: number, gram: string): number {
  let value = 0x811c9dc5 ^ seed
  for (let index = 0; index < gram.length; index++) value = Math.imul(value ^ gram.charCodeAt(index), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) | 0
}

/** The grams of a folded text: they occur in every text that contains it. */
export function contentGrams(folded: string): string[] {
  return isAscii.test(folded) ? asciiGrams(folded) : gramsOfAnyScript(folded)
}

const isAscii = /^[\u0020-\u007e]*$/

/** The same for most texts there are, in a tenth of the time. */
function asciiGrams(folded: string): string[] {
  const grams: string[] = []
  let start = 0
  for (let end = 1; end <= folded.length; end++) {
    if (folded[end - 1] === ' ') start = end
    else if (end - start >= 3) grams.push(folded.slice(end - 3, end))
  }
  return grams
}

function gramsOfAnyScript(folded: string): string[] {
  const characters = Array.from(folded)
  const kinds = characters.map(kindOf)
  const grams = new Set<string>()
  for (const [index, character] of characters.entries()) {
    const kind = kinds[index]
    if (kind === 'dense') grams.add(character)
    const length = kind === 'dense' ? 2 : 3
    if (kind === 'space' || !isRun(kinds, index, length)) continue
    grams.add(characters.slice(index, index + length).join(''))
  }
  return [...grams]
}

type Kind = 'space' | 'dense' | 'plain'

function kindOf(character: string): Kind {
  if (character === ' ') return 'space'
  return isDense(character) ? 'dense' : 'plain'
}

function isRun(kinds: readonly Kind[], start: number, length: number): boolean {
  for (let index = start + 1; index < start + length; index++) if (kinds[index] !== kinds[start]) return false
  return true
}

/** What words begin with: first two letters, then one; of dense words nothing, each of their letters is a gram. */
function wordStarts(bounded: string): string[] {
  return wordsOf(bounded).flatMap((word) => {
    const [first, second] = word
    if (first === undefined || isDense(first)) return []
    return second === undefined ? [`^${first}`] : [`^${first}${second}`, `^${first}`]
  })
}
