import { isHotkey } from '../../../lib/hotkeys.ts'

/** A text and what is selected in it. */
export type Selected = Readonly<{ text: string; start: number; end: number }>

/** What takes the place of a part of a text, and what is selected then (places in the whole). */
export type Replacement = Readonly<{ start: number; end: number; text: string; selectStart: number; selectEnd: number }>

const MARKS = [
  ['mod+b', '**'],
  ['mod+i', '_'],
  ['mod+e', '`'],
  ['mod+shift+x', '~~'],
] as const

/** Which mark the keys of an event mean. */
export function markOfKeys(event: Parameters<typeof isHotkey>[0]): string | undefined {
  return MARKS.find(([keys]) => isHotkey(event, keys))?.[1]
}

/** Puts a mark around what is selected, or takes it away where it is there. Blanks at the ends stay outside. */
export function toggleMark({ text, start: from, end: to }: Selected, mark: string): Replacement {
  const chosen = text.slice(from, to)
  const blank = chosen.trim() === ''
  const start = blank ? from : from + chosen.length - chosen.trimStart().length
  const end = blank ? to : to - (chosen.length - chosen.trimEnd().length)
  const inner = text.slice(start, end)
  const { length } = mark
  if (text.slice(start - length, start) === mark && text.slice(end, end + length) === mark) {
    const at = start - length
    return { start: at, end: end + length, text: inner, selectStart: at, selectEnd: at + inner.length }
  }
  if (inner.length >= 2 * length && inner.startsWith(mark) && inner.endsWith(mark)) {
    const bare = inner.slice(length, -length)
    return { start, end, text: bare, selectStart: start, selectEnd: start + bare.length }
  }
  const at = start + length
  return { start, end, text: mark + inner + mark, selectStart: at, selectEnd: at + inner.length }
}

/** What an address that is pasted over words makes of them: a link. Undefined where it is none, or nothing is selected. */
export function linkOver({ text, start, end }: Selected, pasted: string): Replacement | undefined {
  const address = pasted.trim()
  const words = text.slice(start, end)
  if (!words.trim() || /[[\]\n]/.test(words) || !/^https?:\/\/[^\s()]+$/.test(address)) return undefined
  const link = `[${words}](${address})`
  return { start, end, text: link, selectStart: start + link.length, selectEnd: start + link.length }
}
