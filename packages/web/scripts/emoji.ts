/**
 * The emoji of the app, made from emojibase-data when it is built: `virtual:emoji/<locale>` holds only what the picker needs,
 * a quarter of the data. Where there are no names in a language they are English.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Plugin } from 'vite'

const PREFIX = 'virtual:emoji/'
const data = path.dirname(createRequire(import.meta.url).resolve('emojibase-data/package.json'))

/** The group of parts of emoji, which nobody sends alone. */
const COMPONENTS = 2

const TONES = ['🏻', '🏼', '🏽', '🏾', '🏿']

type Source = {
  hexcode: string
  label: string
  unicode: string
  group?: number
  tags?: string[]
  skins?: { unicode: string }[]
}

/** An emoji as the app loads it: itself, its group, its name, its other words, its shortcodes, 1 where it has skin tones. */
export type PackedEmoji = readonly [
  unicode: string,
  group: number,
  name: string,
  words: string,
  codes: string,
  tones: 0 | 1,
]

/** All emoji with their names in a language, in the usual order. */
export function readEmoji(locale: string): PackedEmoji[] {
  const folder = existsSync(path.join(data, locale)) ? locale : 'en'
  const read = (file: string) => JSON.parse(readFileSync(path.join(data, file), 'utf8'))
  const sources: Source[] = read(`${folder}/compact.json`)
  const codes: Record<string, string | string[]>[] = ['github', 'iamcal', 'emojibase'].map((name) =>
    read(`en/shortcodes/${name}.json`),
  )
  return sources.flatMap(({ hexcode, label, unicode, group, tags = [], skins }) => {
    if (group === undefined || group === COMPONENTS) return []
    const known = new Set(codes.flatMap((one) => one[hexcode] ?? []))
    const words = tags.filter((tag) => !label.toLowerCase().includes(tag.toLowerCase()))
    return [[unicode, group, label, words.join(' '), [...known].join(' '), hasTones(unicode, skins) ? 1 : 0]]
  })
}

/** Whether every tone of it is made by putting the tone behind whoever it shows. */
function hasTones(unicode: string, skins: Source['skins']): boolean {
  const known = new Set(skins?.map((skin) => skin.unicode))
  return TONES.every((tone) => known.has(unicode.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${tone}`)))
}

/** The plugin. */
export function emoji(): Plugin {
  return {
    name: 'confab:emoji',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined
      const packed = JSON.stringify(readEmoji(id.slice(PREFIX.length + 1)))
      // A string is parsed much faster than code of the same.
      return { code: `export default JSON.parse(${JSON.stringify(packed)})`, moduleType: 'js' }
    },
  }
}
