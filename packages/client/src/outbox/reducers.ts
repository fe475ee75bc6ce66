/** The sends that are under way, as a value. */
import type { EventMap } from '../contract.gen.ts'
import type { Context, OutboxEntry, State } from '../state.ts'

/** A send came back as a message of the room: it is out of the outbox. */
export function settleSend(state: State, { message }: EventMap['message.created'], { me }: Context): State {
  if (message.sender.id !== me || message.client_id === null) return state
  return dropSend(state, message.client_id)
}

/** Puts a send into the outbox, or changes it there. */
export function putSend(state: State, entry: OutboxEntry): State {
  const rest = state.outbox.filter(({ clientId }) => clientId !== entry.clientId)
  return { ...state, outbox: [...rest, entry].sort((one, other) => one.order - other.order) }
}

/** Changes a send that is still in the outbox. */
export function changeSend(state: State, clientId: string, changed: Partial<OutboxEntry>): State {
  const entry = state.outbox.find((one) => one.clientId === clientId)
  return entry ? putSend(state, { ...entry, ...changed }) : state
}

export function dropSend(state: State, clientId: string): State {
  const outbox = state.outbox.filter((one) => one.clientId !== clientId)
  return outbox.length === state.outbox.length ? state : { ...state, outbox }
}

/** Forgets sends that are stored, but whose event was among what cannot be told any more. */
export function dropStored(state: State, room?: number): State {
  const outbox = state.outbox.filter((one) => one.status !== 'sent' || (room !== undefined && one.room !== room))
  return outbox.length === state.outbox.length ? state : { ...state, outbox }
}
