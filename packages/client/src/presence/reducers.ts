/** Who is there. */
import type { SignalMap } from '../contract.gen.ts'
import type { Presence, State } from '../state.ts'

/** Beyond this many people the ones heard of first are forgotten. */
const MAX_PEOPLE = 5_000

export function presenceChanged(state: State, change: SignalMap['presence']): State {
  const { user_id: id, online_status, last_seen } = change
  return notePresence(state, [{ id, online_status, last_seen }])
}

/** Takes over what an answer of the server says of some people. */
export function notePresence(state: State, people: readonly (Presence & { readonly id: number })[]): State {
  const noted = people.map(({ id, online_status, last_seen }): [number, Presence] => [id, { online_status, last_seen }])
  const known = Object.entries(state.presence).map(([id, one]): [number, Presence] => [Number(id), one])
  const merged = [...new Map([...known, ...noted])]
  return { ...state, presence: Object.fromEntries(merged.slice(-MAX_PEOPLE)) }
}
