/** The compiled texts of the app; see `scripts/messages.ts`. */
declare module 'virtual:messages/*' {
  import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'

  const messages: Record<string, MessageFormatElement[]>
  export default messages
}

/** The emoji with their names in a language; see `scripts/emoji.ts`. */
declare module 'virtual:emoji/*' {
  const emoji: readonly (readonly [
    unicode: string,
    group: number,
    name: string,
    words: string,
    codes: string,
    tones: 0 | 1,
  ])[]
  export default emoji
}
