import { randomInt } from 'node:crypto'
import { type Core, inTransaction } from '../../ctx.ts'
import { backdate, type History } from './backdate.ts'
import { block, friendships, groups, openRequests } from './community.ts'
import { befriend, type Cast, directRoomOf, enrol, gather, leaveOpen, type MadeRequest } from './found.ts'
import { seededRandom } from './random.ts'
import { membersOf, writeScript } from './script.ts'
import { readRead, type StagedRoom, saySaid } from './talk.ts'
import { readThreads } from './threads.ts'

/** What was made, to be told to whoever asked for it. */
export type Filled = Readonly<{ people: readonly string[]; groups: number; messages: number }>

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Everything but the times of day and the password is the same in every demo. */
const SEED = 20_261_122

/** How long the background work may take after the last message. */
const SETTLE_MS = 30_000

/**
 * Fills an empty database with the demo community. Everything goes through the services, as if people had done it, so
 * that the log, receipts, notifications and the search index are as they always are; then it is moved into the past.
 *
 * @param core of a server that does not listen
 */
export async function fillDemo(core: Core, password: string, now = Date.now()): Promise<Filled> {
  const { notifications, receiptSignals, search } = core.services
  const random = seededRandom(SEED)
  const script = writeScript(await readThreads(), random, now)
  notifications.start()
  search.start()
  try {
    const cast = await enrol(core, password)
    const answered = await befriend(cast)
    const groupIds = await gather(cast, random)
    const rooms = await Promise.all(
      script.map(async (one): Promise<StagedRoom> => {
        const { room } = one
        const roomId = 'pair' in room ? await directRoomOf(cast, room) : groupIds[groups.indexOf(room)]
        if (roomId === undefined) throw new Error(`a room of ${membersOf(room).join(', ')} was not made`)
        return { roomId, script: one }
      }),
    )
    const sent = await saySaid(cast, rooms, random)
    const marked = await readRead(cast, sent)
    const open = await leaveOpen(cast)
    await Promise.all([notifications.settled(SETTLE_MS), search.settled(SETTLE_MS)])
    const history = {
      ...foundedAt(cast, groupIds, [...answered, ...open], now),
      sent: [...sent.values()].flat(),
      marked,
    }
    await endSessions(core, cast)
    await inTransaction(core, (tx) => backdate(tx, history))
    return { people: [...cast.keys()], groups: groupIds.length, messages: history.sent.length }
  } finally {
    await Promise.all([notifications.stop(), search.stop(), receiptSignals.stop()])
  }
}

/** When everybody came, made friends and made groups: in that order, before the first message. */
function foundedAt(
  cast: Cast,
  groupIds: readonly number[],
  requests: readonly MadeRequest[],
  now: number,
): Omit<History, 'sent' | 'marked'> {
  const sentAt = [
    ...friendships.map((_, index) => now - 38 * DAY + index * 11 * HOUR),
    ...openRequests.map(({ hoursAgo }) => now - hoursAgo * HOUR),
  ]
  return {
    people: [...cast.values()].map(({ actor }, index) => ({ id: actor.id, at: now - 46 * DAY + index * 15 * HOUR })),
    requests: requests.map(({ id, isAnswered }, index) => {
      const at = sentAt[index] ?? now
      return { id, at, answeredAt: isAnswered ? at + 2 * HOUR : at }
    }),
    groups: groupIds.map((id, index) => ({ id, at: now - 30 * DAY + index * 9 * HOUR })),
    blockedAt: now - block.hoursAgo * HOUR,
  }
}

/** Nobody has logged in from anywhere yet. */
async function endSessions(core: Core, cast: Cast): Promise<void> {
  const ids = [...cast.values()].map(({ actor }) => actor.id)
  await core.database.kysely.deleteFrom('sessions').where('user_id', 'in', ids).execute()
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A password that is new every time (59 bits), in letters and digits that are not mistaken for each other. */
export function newPassword(): string {
  const part = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return [part(), part(), part()].join('-')
}
