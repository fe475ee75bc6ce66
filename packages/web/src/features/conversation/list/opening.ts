/** Where a conversation opens: at the message that was asked for, at the first that is new, or at the end. */
import type { ChatClient, MessageWindow, RoomEntry, State } from '@confab/client'

/** A place in a conversation that is to be shown. */
export type Place = Readonly<
  { kind: 'end' } | { kind: 'new' } | { kind: 'message'; id: number; align: 'center' | 'start'; isMarked: boolean }
>

/** Where to begin, and after which number messages are new. `isMissing` says that the message asked for is gone. */
export type Opening = Readonly<{ place: Place; newAfter: number | undefined; isMissing: boolean }>

/** Where so many messages at the most are between what is here and the first new one they are fetched; else it goes there. */
const MAX_STEPS = 200

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

/** Whether what comes after a number is here: it may be before what is, and after it. */
function reaches({ messages, older, newer }: MessageWindow, no: number): boolean {
  const isBegun = older === null || (messages[0]?.no ?? 0) <= no + 1
  return isBegun && (newer === null || (messages.at(-1)?.no ?? 0) > no)
}

async function reach(client: ChatClient, room: number, no: number): Promise<void> {
  for (;;) {
    const window = client.state.windows[room]
    if (!window || reaches(window, no)) return
    const steps = (window.messages[0]?.no ?? 0) - no
    if (steps > MAX_STEPS || steps <= 0) {
      await client.messages.showNumber(room, no + 1)
      return
    }
    await client.messages.loadOlder(room)
  }
}
