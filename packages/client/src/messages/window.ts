/**
 * The messages of a room that are here: a stretch without holes that can grow at both ends and is cut at its pages, so
 * that there is a cursor for what was cut off.
 */
import type { Message } from '../contract.gen.ts'
import type { MessageWindow, Page } from '../state.ts'

/** A page as the server answered it: newest first, and the cursors at its ends. */
export type FetchedPage = Readonly<{ results: readonly Message[]; older: string | null; newer: string | null }>

/** A window is cut at the other end when it grows beyond this by fetching; by living on, beyond twice of it. */
export const MAX_MESSAGES = 500

/** A cut leaves so many: what one looks at is near the end that grew, and is not to go with the pages of the other. */
const MIN_KEPT = 300

/** The window of a page alone. */
export function windowOf(page: FetchedPage): MessageWindow {
  const messages = page.results.toReversed()
  return { messages, older: page.older, newer: page.newer, pages: pagesOf(page), isStale: false }
}

function pagesOf({ results, older, newer }: FetchedPage): Page[] {
  const [newest, oldest] = [results[0], results.at(-1)]
  return newest && oldest ? [{ oldest: oldest.id, newest: newest.id, older, newer }] : []
}

/** Puts what came before in front of the window; too many fall off at its newer end. */
export function prepend(window: MessageWindow, page: FetchedPage): MessageWindow {
  const first = window.messages[0]?.id ?? Number.POSITIVE_INFINITY
  const fresh = page.results.filter((message) => message.id < first).toReversed()
  const grown = { ...window, messages: [...fresh, ...window.messages], older: page.older }
  return cutNewer({ ...grown, pages: [...pagesOf({ ...page, results: fresh.toReversed() }), ...window.pages] })
}

/** Puts what came after behind the window; too many fall off at its older end. */
export function append(window: MessageWindow, page: FetchedPage): MessageWindow {
  const last = window.messages.at(-1)?.id ?? 0
  const fresh = page.results.filter((message) => message.id > last)
  const grown = { ...window, messages: [...window.messages, ...fresh.toReversed()], newer: page.newer }
  return cutOlder({ ...grown, pages: [...window.pages, ...pagesOf({ ...page, results: fresh })] }, MAX_MESSAGES)
}

/**
 * Brings the newest page into a window: what is in both is as the page has it, what is missing
 * in the page was deleted. Where the two do not touch the page alone is left. A window in the past stays where it is.
 */
export function refreshNewest(window: MessageWindow, page: FetchedPage): MessageWindow {
  if (window.newer !== null) return { ...window, isStale: false }
  const oldest = page.results.at(-1)
  const last = window.messages.at(-1)
  if (!oldest || !last || oldest.id > last.id) return windowOf(page)
  const before = window.messages.filter((message) => message.id < oldest.id)
  if (before.length === 0) return windowOf(page)
  return { ...window, messages: [...before, ...page.results.toReversed()], isStale: false }
}

/** A message that was just sent: it belongs to a window that reaches the present. */
export function addNew(window: MessageWindow, message: Message): MessageWindow {
  if (window.newer !== null) return window
  const last = window.messages.at(-1)
  if (last && message.id <= last.id) return window
  return cutOlder({ ...window, messages: [...window.messages, message] }, 2 * MAX_MESSAGES)
}

/** A message with another text, where it is here. */
export function replace(window: MessageWindow, message: Message): MessageWindow {
  const index = window.messages.findIndex(({ id }) => id === message.id)
  const known = window.messages[index]
  if (!known) return window
  // An event says nothing of who has read it.
  return { ...window, messages: window.messages.with(index, { ...message, read_statuses: known.read_statuses }) }
}

/** The window without a message. */
export function remove(window: MessageWindow, id: number): MessageWindow {
  const messages = window.messages.filter((message) => message.id !== id)
  return messages.length === window.messages.length ? window : { ...window, messages }
}

function cutNewer(window: MessageWindow): MessageWindow {
  let { messages, pages } = window
  let newer = window.newer
  while (messages.length > MAX_MESSAGES && pages.length > 1) {
    const kept = pages.slice(0, -1)
    const end = kept.at(-1)
    // A page at the present has no cursor for what came after it: there it cannot be cut.
    if (!end || end.newer === null) break
    const left = messages.filter((message) => message.id <= end.newest)
    // What came live is of no page, and falls off with the last one, however much it is.
    if (left.length < MIN_KEPT) break
    messages = left
    newer = end.newer
    pages = kept
  }
  return { ...window, messages, pages, newer }
}

function cutOlder(window: MessageWindow, limit: number): MessageWindow {
  if (window.messages.length <= limit) return window
  const { pages, messages } = window
  const from = messages.at(-MAX_MESSAGES)?.id ?? 0
  const kept = pages.filter((page) => page.oldest >= from)
  const [first] = kept
  if (first) {
    return { ...window, pages: kept, messages: messages.filter(({ id }) => id >= first.oldest), older: first.older }
  }
  // No page begins within what is kept: what is before it is found from the newest on.
  return { ...window, pages: [], messages: messages.slice(-MAX_MESSAGES), older: '' }
}
