/** Who is typing where. */
import type { EventMap, SignalMap } from '../contract.gen.ts'
import { type Context, type State, without } from '../state.ts'

/** The server says itself when somebody stopped; this much later it is believed without. */
const GRACE_MS = 2_000

/** Every signal names all who are typing, so that a stop that was lost heals itself. */
export function typingChanged(state: State, { room, typists }: SignalMap['typing'], { me, now }: Context): State {
  const until = now + (state.limits?.typing_expire_ms ?? 6_000) + GRACE_MS
  const others = typists.filter(({ id }) => id !== me).map((typist) => ({ ...typist, until }))
  return { ...state, typing: others.length > 0 ? { ...state.typing, [room]: others } : without(state.typing, room) }
}

/** Who sends has stopped typing. */
export function stopTypist(state: State, { message }: EventMap['message.created']): State {
  const typists = state.typing[message.room]
  if (!typists?.some(({ id }) => id === message.sender.id)) return state
  return keepTypists(state, message.room, (id) => id !== message.sender.id)
}

/** Forgets those of whom nothing was heard for too long. */
export function expireTypists(state: State, now: number): State {
  let next = state
  for (const [room, typists] of Object.entries(state.typing)) {
    if (typists.every(({ until }) => until > now)) continue
    const late = new Set(typists.filter(({ until }) => until <= now).map(({ id }) => id))
    next = keepTypists(next, Number(room), (id) => !late.has(id))
  }
  return next
}

function keepTypists(state: State, room: number, isKept: (id: number) => boolean): State {
  const left = (state.typing[room] ?? []).filter(({ id }) => isKept(id))
  return { ...state, typing: left.length > 0 ? { ...state.typing, [room]: left } : without(state.typing, room) }
}
