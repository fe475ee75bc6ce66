const NAME = /^[\w.-]+(:\d{1,5})?$/
const IPV6 = /^\[[\da-f:.]+\](:\d{1,5})?$/i

/** The last good one: nearly all requests name the same as the one before. */
let known: string | undefined

/**
 * Whether a `Host` header names a host and perhaps a port, and nothing else. Links are made from it, so that anything
 * more would end up in them.
 */
export function isHost(text: string): boolean {
  if (text === known) return true
  if (!(NAME.test(text) || IPV6.test(text)) || !URL.canParse(`http://${text}`)) return false
  known = text
  return true
}
