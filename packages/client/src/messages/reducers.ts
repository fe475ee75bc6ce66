/** What the events of messages do to the windows that are here. */
import type { EventMap } from '../contract.gen.ts'
import type { MessageWindow, State } from '../state.ts'
import { addNew, remove, replace } from './window.ts'

export function messageCreated(state: State, { message }: EventMap['message.created']): State {
  return changeWindow(state, message.room, (window) => addNew(window, message))
}

export function messageUpdated(state: State, { message }: EventMap['message.updated']): State {
  return changeWindow(state, message.room, (window) => replace(window, message))
}

export function messageDeleted(state: State, gone: EventMap['message.deleted']): State {
  return changeWindow(state, gone.room, (window) => remove(window, gone.message_id))
}

/** The state with the window of a room changed; the same where there is none. */
export function changeWindow(state: State, room: number, change: (window: MessageWindow) => MessageWindow): State {
  const window = state.windows[room]
  const changed = window && change(window)
  return changed && changed !== window ? { ...state, windows: { ...state.windows, [room]: changed } } : state
}
