/** Unread counts of the list of rooms, by the rules of the contract's `unread` signal. */
import type { EventMap, Message, SignalMap } from '../contract.gen.ts'
import type { Context, RoomEntry, State } from '../state.ts'
import { changeRoom, doubtRooms } from './list.ts'

/** More than this need not be told apart; beyond it the list is fetched anew. */
const MAX_COUNTED = 500

function toLastMessage({ id, sender, content, timestamp }: Message): RoomEntry['last_message'] {
  return { id, sender_id: sender.id, sender_name: sender.username, content, timestamp }
}

/** Whether the entry knows of a message already, from a list that was fetched. */
function isCounted(entry: RoomEntry, message: Message): boolean {
  if (entry.last_no !== undefined) return message.no <= entry.last_no
  return entry.last_message !== null && message.id <= entry.last_message.id
}

/** A message came: the room is at the top, with its text, and one more unread where it is somebody else's. */
export function countMessage(state: State, { message }: EventMap['message.created'], { me }: Context): State {
  if (!state.rooms.byId[message.room]) return doubtRooms(state)
  const isMine = message.sender.id === me
  return changeRoom(state, message.room, (entry) => {
    const isNewest = message.id > (entry.last_message?.id ?? 0)
    const shown = isNewest ? { ...entry, last_message: toLastMessage(message), active_at: message.timestamp } : entry
    // A read mark may come before the messages that it counts.
    if (isCounted(entry, message)) return shown
    return {
      ...shown,
      last_no: message.no,
      unread_count: entry.unread_count + (isMine ? 0 : 1),
      counted: isMine ? entry.counted : [...entry.counted, message.no].slice(-MAX_COUNTED),
    }
  })
}

/** A message has another text, which the list shows where it is the last one. */
export function recountMessage(state: State, { message }: EventMap['message.updated']): State {
  return changeRoom(state, message.room, (entry) =>
    entry.last_message?.id === message.id ? { ...entry, last_message: toLastMessage(message) } : entry,
  )
}

/** A message is gone: it is not unread any more, and not the last one. */
export function discountMessage(state: State, gone: EventMap['message.deleted'], { me }: Context): State {
  const entry = state.rooms.byId[gone.room]
  if (!entry) return state
  const isOthers = gone.sender.id !== me
  const wasUnread = isOthers && (entry.read_no === undefined || gone.no > entry.read_no)
  const wasLast = entry.last_message?.id === gone.message_id
  // A read mark's count may be from before the message was deleted, or from after it.
  const isAmbiguous = wasUnread && entry.recountedBy === 'mark'
  const isDoubtful = wasLast || isAmbiguous || (isOthers && entry.read_no === undefined && entry.unread_count > 0)
  const changed = changeRoom(state, gone.room, () => ({
    ...entry,
    unread_count: Math.max(0, entry.unread_count - (wasUnread ? 1 : 0)),
    last_message: wasLast ? null : entry.last_message,
    counted: entry.counted.filter((no) => no !== gone.no),
    recountedBy: wasUnread ? 'deletion' : entry.recountedBy,
  }))
  return isDoubtful ? doubtRooms(changed) : changed
}

/** One's read mark moved. The count is that of messages up to `last_no`; those that came after it are added. */
export function moveReadMark(state: State, mark: SignalMap['unread']): State {
  const isLeft = mark.unread_count > 0
  const isAmbiguous = isLeft && state.rooms.byId[mark.room]?.recountedBy === 'deletion'
  const moved = changeRoom(state, mark.room, (entry) => {
    if (mark.read_no < (entry.read_no ?? 0)) return entry
    const later = entry.counted.filter((no) => no > mark.last_no).length
    return {
      ...entry,
      read_no: mark.read_no,
      last_no: Math.max(mark.last_no, entry.last_no ?? 0),
      unread_count: mark.unread_count + later,
      mention_count: mark.unread_count + later === 0 ? 0 : entry.mention_count,
      counted: entry.counted.filter((no) => no > mark.read_no),
      recountedBy: isLeft ? 'mark' : undefined,
    }
  })
  return isAmbiguous ? doubtRooms(moved) : moved
}
