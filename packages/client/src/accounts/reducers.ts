import type { EventMap } from '../contract.gen.ts'
import type { State } from '../state.ts'

/** One's own profile is another now. */
export function userUpdated(state: State, { user }: EventMap['user.updated']): State {
  return { ...state, me: user }
}
