/** Beyond this they are a pattern, not a face. */
const MAX_LARGE = 6

const emojiOnly = /^(?:\p{RGI_Emoji}\s*)+$/v
const emoji = /\p{RGI_Emoji}/gv

/** How many emoji a message is, where it is nothing else and they are few enough to be shown large; otherwise 0. */
export function countLargeEmoji(text: string): number {
  // The longest emoji are families and flags of regions, of up to 14 units.
  if (text.length > MAX_LARGE * 16 || !emojiOnly.test(text.trim())) return 0
  const count = text.match(emoji)?.length ?? 0
  return count <= MAX_LARGE ? count : 0
}
