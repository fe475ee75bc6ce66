/** What a username is made of; the rule is the server's. */
const USERNAME = /^[\p{L}\p{N}_.@+-]+$/u

/** The server's bound, in characters. */
const MAX_CHARACTERS = 150

/** What is wrong with a username that can be seen from itself; undefined where nothing is, or there is none yet. */
export function flawOf(username: string): 'characters' | 'length' | undefined {
  if (username === '') return undefined
  if (!USERNAME.test(username)) return 'characters'
  return [...username].length > MAX_CHARACTERS ? 'length' : undefined
}

/** Whether something may be an address. What it really takes only the mail server knows. */
export function looksLikeEmail(email: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
}
