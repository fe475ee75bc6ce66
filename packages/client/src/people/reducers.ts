/** What the events of friends, requests and blocks do to the state. */
import type { EventMap, FriendRequest, Person } from '../contract.gen.ts'
import type { People, State } from '../state.ts'

/** A request is there, or is in another state. */
export function requestChanged(state: State, { request, user }: { request: FriendRequest; user: Person }): State {
  const { requests, persons } = state.people
  const index = requests.findIndex(({ id }) => id === request.id)
  return change(state, {
    requests: index === -1 ? [...requests, request] : requests.with(index, request),
    persons: { ...persons, [user.id]: user },
  })
}

export function requestCancelled(state: State, gone: EventMap['friend_request.cancelled']): State {
  return change(state, { requests: state.people.requests.filter(({ id }) => id !== gone.request_id) })
}

/** What friends see of each other is more than the event says: the list is fetched anew. */
export function friendAdded(state: State, { user }: EventMap['friend.added']): State {
  const next = change(state, { isStale: true, persons: { ...state.people.persons, [user.id]: user } })
  return changeFriendIds(next, (ids) => (ids.includes(user.id) ? ids : [...ids, user.id]))
}

export function friendRemoved(state: State, gone: EventMap['friend.removed']): State {
  const next = change(state, { friends: state.people.friends.filter(({ id }) => id !== gone.user_id) })
  return changeFriendIds(next, (ids) => ids.filter((id) => id !== gone.user_id))
}

export function userBlocked(state: State, { user }: EventMap['user.blocked']): State {
  return change(state, { blocks: [user, ...state.people.blocks.filter(({ id }) => id !== user.id)] })
}

export function userUnblocked(state: State, gone: EventMap['user.unblocked']): State {
  return change(state, { blocks: state.people.blocks.filter(({ id }) => id !== gone.user_id) })
}

function change(state: State, changed: Partial<People>): State {
  return { ...state, people: { ...state.people, ...changed } }
}

function changeFriendIds(state: State, change: (ids: readonly number[]) => readonly number[]): State {
  return state.me ? { ...state, me: { ...state.me, friends: change(state.me.friends) } } : state
}
