/** Filling a client's state from REST, as a client does that begins, or that was told to fetch something anew. */
import { Profile } from '@confab/contract/accounts/resources'
import { Message } from '@confab/contract/messages/resources'
import { Notification } from '@confab/contract/notifications/resources'
import { page } from '@confab/contract/paging'
import { BlockedUser, Friend, FriendRequest } from '@confab/contract/people/resources'
import { Chat, Room } from '@confab/contract/rooms/resources'
import Type, { type Static, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { toProfileState } from './apply.ts'
import {
  emptyState,
  putMessage,
  type RoomState,
  type State,
  toMessageState,
  toNotificationState,
  toRoomState,
} from './state.ts'

/** Gets the body of a path. @throws where there is no answer, or another than 200 */
export type Reader = (path: string) => Promise<unknown>

/** Reads a value of the contract, or says what is wrong with it. */
function reading<Schema extends TSchema>(schema: Schema): (value: unknown) => Static<Schema> {
  const validator = Compile(schema)
  return (value) => {
    if (validator.Check(value)) return value
    throw new Error(`not as published: ${JSON.stringify(validator.Errors(value)).slice(0, 300)}`)
  }
}

const readRoom = reading(Room)
const readChats = reading(page(Chat))
const readMessages = reading(page(Message))
const readProfile = reading(Profile)
const readFriends = reading(Type.Array(Friend))
const readRequests = reading(Type.Array(FriendRequest))
const readBlocks = reading(Type.Array(BlockedUser))
const readNotifications = reading(Type.Array(Notification))

/** A room with its newest messages, at most `limit`. */
export async function fetchRoom(read: Reader, id: number, limit = 100): Promise<RoomState> {
  const room = toRoomState(readRoom(await read(`/api/chatrooms/${id}/`)))
  const { results, next } = readMessages(await read(`/api/chatrooms/${id}/messages/?limit=${limit}`))
  room.firstNo = next === null ? 1 : (results.at(-1)?.no ?? 1)
  for (const message of results) putMessage(room, message.id, toMessageState(message))
  return room
}

/** All messages of a room, oldest first. */
export async function fetchHistory(read: Reader, id: number): Promise<Message[]> {
  const messages: Message[] = []
  let path: string | null = `/api/chatrooms/${id}/messages/?ordering=timestamp&limit=100`
  while (path !== null) {
    const { results, next }: Static<ReturnType<typeof page<typeof Message>>> = readMessages(await read(path))
    messages.push(...results)
    path = next === null ? null : pathAndQuery(next)
  }
  return messages
}

/** The chats in somebody's list. */
export async function fetchChats(read: Reader): Promise<Chat[]> {
  const chats: Chat[] = []
  let path: string | null = '/api/chatrooms/?limit=100'
  while (path !== null) {
    const { results, next }: Static<ReturnType<typeof page<typeof Chat>>> = readChats(await read(path))
    chats.push(...results)
    path = next === null ? null : pathAndQuery(next)
  }
  return chats
}

/** Everything anew. */
export async function fetchState(read: Reader, myId: number): Promise<State> {
  const state = emptyState(myId)
  state.profile = toProfileState(readProfile(await read('/api/profile/')))
  for (const chat of await fetchChats(read)) state.rooms.set(chat.id, await fetchRoom(read, chat.id))
  for (const friend of readFriends(await read('/api/friends/'))) state.friends.add(friend.id)
  for (const { id, from_user, to_user, status } of readRequests(await read('/api/friend-requests/'))) {
    state.requests.set(id, `${from_user} to ${to_user}: ${status}`)
  }
  for (const user of readBlocks(await read('/api/blocks/'))) state.blocked.add(user.id)
  for (const one of readNotifications(await read('/api/notifications/?limit=500'))) {
    state.notifications.set(one.id, toNotificationState(one))
  }
  return state
}

function pathAndQuery(link: string): string {
  const url = new URL(link)
  return url.pathname + url.search
}
