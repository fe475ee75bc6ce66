/** What read marks of others do to the state. */
import type { EventMap, Message, SignalMap } from '../contract.gen.ts'
import { type ReadMark, type State, without } from '../state.ts'

/** Somebody has read up to a message. It is kept for rooms whose messages are here; marks move forward only. */
export function receiptMoved(state: State, receipt: SignalMap['receipt']): State {
  const { room, user, no, message_id, read_at } = receipt
  const marks = state.receipts[room] ?? {}
  if (!state.windows[room] || (marks[user.id]?.no ?? 0) >= no) return state
  const mark: ReadMark = { no, message_id, read_at, username: user.username }
  return { ...state, receipts: { ...state.receipts, [room]: { ...marks, [user.id]: mark } } }
}

/** What somebody read who is not in the room is not shown. Should they come back, it is with the next fetch. */
export function forgetReader(state: State, { room, user_id: userId }: EventMap['member.removed']): State {
  const marks = state.receipts[room]
  const window = state.windows[room]
  if (!window) return state
  const messages = window.messages.map((message) => {
    const left = message.read_statuses.filter(({ user }) => user.id !== userId)
    return left.length === message.read_statuses.length ? message : { ...message, read_statuses: left }
  })
  return {
    ...state,
    windows: { ...state.windows, [room]: { ...window, messages } },
    receipts: marks ? { ...state.receipts, [room]: without(marks, userId) } : state.receipts,
  }
}

/** The ids of those who have read a message, as far as it is known here; its sender is not among them. */
export function readersOf(state: State, message: Message): number[] {
  const known = message.read_statuses.map(({ user }) => user.id)
  const marks = Object.entries(state.receipts[message.room] ?? {})
  const later = marks.filter(([, mark]) => mark.no >= message.no).map(([id]) => Number(id))
  return [...new Set([...known, ...later])].filter((id) => id !== message.sender.id)
}

/** What became of a message of one's own: all who are there were told of it, or somebody has read it. */
export function deliveryOf(state: State, message: Message): 'delivered' | 'read' {
  return readersOf(state, message).length > 0 ? 'read' : 'delivered'
}
