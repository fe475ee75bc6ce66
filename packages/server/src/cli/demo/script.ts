/** Makes the history of the demo community: who says and reads what, and when. The same for the same seed and time. */
import { type Friends, friendships, type Group, groups } from './community.ts'
import type { Random } from './random.ts'
import { playThread, type Said, type Thread, type ThreadFile } from './threads.ts'

/** A message of the history; times are in milliseconds of Unix time. */
export type ScriptedMessage = {
  readonly at: number
  readonly sender: string
  readonly text: string
  readonly hasPhoto: boolean
  readonly edit?: { readonly at: number; readonly text: string }
  readonly deletedAt?: number
}

/** That somebody has read up to a message, which is given by its place in the room. */
export type ScriptedRead = Readonly<{ reader: string; upTo: number; at: number }>

/** What happens in one room. */
export type ScriptedRoom = Readonly<{
  room: Friends | Group
  messages: readonly ScriptedMessage[]
  reads: readonly ScriptedRead[]
}>

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

/** How far back the messages go. */
const DAYS = 26

/** Whose room it is. */
export function membersOf(room: Friends | Group): readonly string[] {
  return 'pair' in room ? room.pair : room.members
}

/** Writes the history of every room up to `now`. */
export function writeScript(threads: ReadonlyMap<ThreadFile, readonly Thread[]>, random: Random, now: number) {
  const smallTalk = threads.get('en') ?? []
  return [...groups, ...friendships].map((room): ScriptedRoom => {
    const own = threads.get(room.threads) ?? []
    const played = playUntil(room, own, 'pair' in room ? [] : smallTalk, random)
    const messages = placeInTime(played, random, now)
    return { room, messages, reads: readAlong(membersOf(room), messages, random, now) }
  })
}

/** Plays the threads round and round, each time in other versions, until enough was said; the last one is cut there. */
function playUntil(
  room: Friends | Group,
  own: readonly Thread[],
  smallTalk: readonly Thread[],
  random: Random,
): Said[][] {
  const played: Said[][] = []
  let left = room.messages
  for (let round = random.int(2); left > 0; round++) {
    const small = random.shuffled(smallTalk).slice(0, 3)
    for (const thread of random.shuffled([...own, ...small])) {
      const cast = random.shuffled(membersOf(room))
      const said = playThread(thread, round, cast, random).slice(0, left)
      if (said.length > 0) played.push(said)
      left -= said.length
    }
  }
  return played
}

/** Spreads conversations over the weeks, in the hours when people are awake; none begins before another has ended. */
function placeInTime(played: readonly Said[][], random: Random, now: number): ScriptedMessage[] {
  const starts = played
    .map((_, index) => {
      const day = now - DAYS * DAY + Math.floor(((index + random.int(100) / 100) / played.length) * DAYS) * DAY
      return day - (day % DAY) + random.between(7 * 60, 22 * 60) * MINUTE + random.int(MINUTE)
    })
    .sort((one, other) => one - other)
  const placed: ScriptedMessage[][] = []
  let end = now - random.between(3, 300) * MINUTE
  for (const [index, said] of [...played.entries()].reverse()) {
    const offsets = offsetsOf(said, random)
    const length = offsets.at(-1) ?? 0
    const start = Math.min(starts[index] ?? end, end - length)
    end = start - random.between(5, 40) * MINUTE
    placed.unshift(said.map((one, place) => toMessage(one, start + (offsets[place] ?? 0), random)))
  }
  return placed.flat()
}

/** When the lines of a conversation come, from its beginning: longer ones take longer to type. */
function offsetsOf(said: readonly Said[], random: Random): number[] {
  let at = 0
  return said.map(({ text }, index) => {
    if (index > 0) at += random.between(9 * SECOND, 3 * MINUTE) + text.length * random.between(50, 150)
    return at
  })
}

function toMessage({ speaker, kind, text, edited }: Said, at: number, random: Random): ScriptedMessage {
  const later = at + random.between(4 * SECOND, 8 * SECOND)
  return {
    at,
    sender: speaker,
    text,
    hasPhoto: kind === 'photo',
    ...(edited === undefined ? {} : { edit: { at: later, text: edited } }),
    ...(kind === 'delete' ? { deletedAt: later } : {}),
  }
}

/** Somebody is taken to have looked in again after so many messages. */
const LOOK_AFTER = 20

/**
 * Everybody looks in from time to time, when they answer something at the latest. At the end some have kept up, some are
 * a little behind, and a few have not looked for a while, whatever they wrote meanwhile.
 */
function readAlong(
  members: readonly string[],
  messages: readonly ScriptedMessage[],
  random: Random,
  now: number,
): ScriptedRead[] {
  return members.flatMap((reader) => {
    const reads: ScriptedRead[] = []
    const read = (before: number, by: (message: ScriptedMessage) => number) => {
      const upTo = lastReadable(messages, reader, before)
      const message = messages[upTo]
      const last = reads.at(-1)
      if (!message || upTo <= (last?.upTo ?? -1)) return
      reads.push({ reader, upTo, at: Math.max(by(message), (last?.at ?? 0) + 1) })
    }
    const isAway = members.length > 2 && random.int(100) < 20
    const until = isAway ? messages.length - random.between(15, 70) : messages.length
    const own = [...messages.keys()].filter((index) => index < until && messages[index]?.sender === reader)
    for (const index of own) {
      const isDue = index - (reads.at(-1)?.upTo ?? -LOOK_AFTER) >= LOOK_AFTER || index === own.at(-1)
      if (isDue) read(index, ({ at }) => Math.max(at + 1, (messages[index]?.at ?? at) - random.between(2, 8) * SECOND))
    }
    const lastOwn = own.at(-1) ?? 0
    const caughtUp = random.int(100) < 55 ? until : random.between(lastOwn, until)
    read(caughtUp, ({ at }) => Math.min(now - MINUTE, at + random.between(1, 90) * MINUTE))
    return reads
  })
}

/** The last message before a place that somebody else sent and that is still there; -1 if there is none. */
function lastReadable(messages: readonly ScriptedMessage[], reader: string, before: number): number {
  return messages.findLastIndex(
    ({ sender, deletedAt }, index) => index < before && sender !== reader && deletedAt === undefined,
  )
}
