/**
 * The conversations of the demo, written down in `threads/*.txt`.
 *
 * Threads are separated by an empty line. A line `name = one | other` says what `<name>` may stand for in its thread; any
 * other line is `speaker: text`. The speaker is a username, or `a`, `b` for the two of a direct room. `{one|other}` are
 * versions of a passage: a thread is played in one version throughout, so that answers fit what was said. After the
 * speaker `[photo]` adds a picture, `[edit]` makes `first => then` an edit, and `[delete]` a message taken back.
 */
import { readFile } from 'node:fs/promises'
import type { Random } from './random.ts'

/** What is done with a message beside saying it. */
export type Kind = 'text' | 'photo' | 'edit' | 'delete'

type Line = Readonly<{ speaker: string; kind: Kind; text: string }>

/** A conversation as it is written down. */
export type Thread = Readonly<{ lines: readonly Line[]; slots: ReadonlyMap<string, readonly string[]> }>

/** Something said when a thread is played. `edited` is what it was changed to. */
export type Said = Readonly<{ speaker: string; kind: Kind; text: string; edited?: string }>

/** The names of the files of threads. */
export const threadFiles = [
  ...(['ar', 'de', 'en', 'es', 'fr', 'hi', 'ja', 'pt', 'uk'] as const),
  ...(['books', 'football', 'kitchen', 'lisbon', 'team'] as const),
]
export type ThreadFile = (typeof threadFiles)[number]

/** Reads all threads, by file. @throws Error at the first line that cannot be read */
export async function readThreads(): Promise<ReadonlyMap<ThreadFile, readonly Thread[]>> {
  const read = threadFiles.map(async (name): Promise<[ThreadFile, Thread[]]> => {
    const text = await readFile(new URL(`./threads/${name}.txt`, import.meta.url), 'utf8')
    return [
      name,
      text
        .trim()
        .split(/\n{2,}/)
        .map(parseThread),
    ]
  })
  return new Map(await Promise.all(read))
}

const LINE = /^(?<speaker>[a-z]+)(?:\[(?<kind>photo|edit|delete)\])?: (?<text>.+)$/
const SLOT = /^(?<name>\p{L}[\p{L}\p{M}]*) = (?<values>.+)$/u

function parseThread(text: string): Thread {
  const lines: Line[] = []
  const slots = new Map<string, string[]>()
  for (const row of text.split('\n')) {
    const slot = SLOT.exec(row)?.groups
    const line = LINE.exec(row)?.groups
    if (line?.speaker && line.text) lines.push({ speaker: line.speaker, kind: asKind(line.kind), text: line.text })
    else if (slot?.name && slot.values) slots.set(slot.name, slot.values.split(' | '))
    else throw new Error(`this is no line of a thread: ${row}`)
  }
  return { lines, slots }
}

function asKind(kind: string | undefined): Kind {
  return kind === 'photo' || kind === 'edit' || kind === 'delete' ? kind : 'text'
}

/**
 * Plays a thread.
 *
 * @param version which of the versions of its passages; those with fewer versions take turns
 * @param cast who speaks for `a` and `b`
 */
export function playThread(thread: Thread, version: number, cast: readonly string[], random: Random): Said[] {
  const values = new Map([...thread.slots].map(([name, options]) => [name, random.pick(options)]))
  return thread.lines.map(({ speaker, kind, text }) => {
    const [first = '', edited] = expand(text, version, values).split(' => ')
    const who = speaker === 'a' ? cast[0] : speaker === 'b' ? cast[1] : speaker
    return { speaker: who ?? speaker, kind, text: first, ...(edited === undefined ? {} : { edited }) }
  })
}

function expand(text: string, version: number, values: ReadonlyMap<string, string>): string {
  return text
    .replace(/\{([^{}]*)\}/g, (_all, options: string) => {
      const all = options.split('|')
      return all[version % all.length] ?? ''
    })
    .replace(/<([^<>]+)>/g, (_all, name: string) => {
      const value = values.get(name)
      if (value === undefined) throw new Error(`a thread does not say what <${name}> is: ${text}`)
      return value
    })
}
