/** Where a conversation opens: at the message that was asked for, at the first that is new, or at the end. */
import type { ChatClient, MessageWindow, RoomEntry, State } from '@confab/client'

/** A place in a conversation that is to be shown. */
export type Place = Readonly<
  { kind: 'end' } | { kind: 'new' } | { kind: 'message'; id: number; align: 'center' | 'start'; isMarked: boolean }
>

/** Where to begin, and after which number messages are new. `isMissing` says that the message asked for is gone. */
export type Opening = Readonly<{ place: Place; newAfter: number | undefined; isMissing: boolean }>

/** So many pages are fetched to reach the first new message; beyond that it opens at the oldest of them. */
const MAX_PAGES = 10

/** The opening, where all that is needed for it is here already. */
export function openingNow(state: State, room: number): Opening | undefined {
  const window = state.windows[room]
  if (!state.isReady || !window) return undefined
  const newAfter = firstNewAfter(state.rooms.byId[room])
  if (newAfter !== undefined) {
    return reaches(window, newAfter) ? { place: { kind: 'new' }, newAfter, isMissing: false } : undefined
  }
  return window.newer === null ? { place: { kind: 'end' }, newAfter, isMissing: false } : undefined
}

/** Fetches what is needed, and answers the opening. @throws ConfabError */
export async function findOpening(client: ChatClient, room: number, message: number | undefined): Promise<Opening> {
  const { isReady } = client.state
  if (!isReady) await client.store.when((state) => state.isReady)
  const newAfter = firstNewAfter(client.state.rooms.byId[room])
  const isFound = message !== undefined && (await client.messages.showMessage(room, message))
  if (isFound) return { place: placeOf(message), newAfter, isMissing: false }
  const isMissing = message !== undefined
  await client.store.when((state) => state.windows[room])
  if (newAfter !== undefined) {
    await reach(client, room, newAfter)
    return { place: { kind: 'new' }, newAfter, isMissing }
  }
  await client.messages.showNewest(room)
  return { place: { kind: 'end' }, newAfter, isMissing }
}

/** A message in the middle, marked for a moment. */
export function placeOf(message: number): Place {
  return { kind: 'message', id: message, align: 'center', isMarked: true }
}

function firstNewAfter(entry: RoomEntry | undefined): number | undefined {
  return entry && entry.unread_count > 0 ? entry.read_no : undefined
}

function reaches({ messages, older }: MessageWindow, no: number): boolean {
  return older === null || (messages[0]?.no ?? 0) <= no + 1
}

async function reach(client: ChatClient, room: number, no: number): Promise<void> {
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const window = client.state.windows[room]
    if (!window || reaches(window, no)) return
    await client.messages.loadOlder(room)
  }
}
