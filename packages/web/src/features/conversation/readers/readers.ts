import { type HttpClient, type Message, type Participant, pages, type ReadMark, type ReadStatus } from '@confab/client'

/** Somebody in the room, and when they read the message; undefined where that is not known. */
export type Reader = Readonly<{ id: number; name: string; image: string | null; at: string | undefined }>

/** Who has read a message, latest first, and who has not. */
export type Readers = Readonly<{ read: readonly Reader[]; unread: readonly Reader[] }>

/** All of those of whom the server says that they have read a message, however large the room. @throws ConfabError; AbortError */
export async function loadReadStatuses(
  http: HttpClient,
  { room, id }: Pick<Message, 'room' | 'id'>,
  signal: AbortSignal,
): Promise<ReadStatus[]> {
  const found: ReadStatus[] = []
  const input = { params: { room, id }, query: { limit: '500' }, signal }
  for await (const page of pages(http, 'listReadStatuses', input)) found.push(...page)
  return found
}

/** What is known of who has read a message: what the server says, and the marks that moved since. */
export function listReaders(
  message: Message,
  room: Readonly<{
    members: readonly Pick<Participant, 'id' | 'username' | 'full_name' | 'profile_pic'>[]
    statuses: readonly ReadStatus[]
    marks: Readonly<Record<number, ReadMark>>
  }>,
): Readers {
  const times = new Map(room.statuses.map(({ user, timestamp }) => [user.id, timestamp]))
  for (const [id, { no, read_at }] of Object.entries(room.marks)) {
    if (no >= message.no && !times.has(Number(id))) times.set(Number(id), read_at)
  }
  const all = room.members
    .filter(({ id }) => id !== message.sender.id)
    .map(({ id, username, full_name, profile_pic }) => ({
      id,
      name: full_name || username,
      image: profile_pic,
      at: times.get(id),
    }))
  const read = all.filter(({ at }) => at !== undefined)
  read.sort((one, other) => Date.parse(other.at ?? '') - Date.parse(one.at ?? ''))
  return { read, unread: all.filter(({ at }) => at === undefined) }
}
