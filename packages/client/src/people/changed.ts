import type { Person, SignalMap } from '../contract.gen.ts'
import type { State } from '../state.ts'

/** Somebody has another name or picture: wherever they are shown, they are shown by it. */
export function personChanged(state: State, { user }: SignalMap['person']): State {
  const change = <One extends Partial<Person>>(one: One): One => (one.id === user.id ? { ...one, ...user } : one)
  const { friends, blocks, persons } = state.people
  const people = {
    ...state.people,
    friends: mapList(friends, change),
    blocks: mapList(blocks, change),
    persons: persons[user.id] ? { ...persons, [user.id]: user } : persons,
  }
  return inRooms({ ...state, people }, user)
}

/** A direct room is called by the other's name. */
function inRooms(state: State, user: Person): State {
  const shown = { chat_name: user.full_name ?? user.username, group_image: user.profile_pic }
  const byId = mapValues(state.rooms.byId, (room) => (room.peer_id === user.id ? { ...room, ...shown } : room))
  const details = mapValues(state.details, (room) => {
    if (!room.participants.some(({ id }) => id === user.id)) return room
    const participants = room.participants.map((one) => (one.id === user.id ? { ...one, ...user } : one))
    return { ...room, ...(room.is_group || user.id === state.me?.id ? {} : shown), participants }
  })
  return { ...state, rooms: { ...state.rooms, byId }, details }
}

/** The same list where nothing in it is another. */
function mapList<V>(list: readonly V[], change: (value: V) => V): readonly V[] {
  const mapped = list.map(change)
  return mapped.some((value, index) => value !== list[index]) ? mapped : list
}

/** The same record where nothing in it is another. */
function mapValues<V>(record: Readonly<Record<number, V>>, change: (value: V) => V): Readonly<Record<number, V>> {
  const entries = Object.entries(record).map(([key, value]): [string, V] => [key, change(value)])
  return entries.some(([key, value]) => record[Number(key)] !== value) ? Object.fromEntries(entries) : record
}
