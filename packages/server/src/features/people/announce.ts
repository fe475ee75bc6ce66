import type { EventDefinition } from '@confab/contract/define-event'
import {
  FriendAdded,
  FriendRemoved,
  type FriendRequestAccepted,
  FriendRequestCancelled,
  type FriendRequestCreated,
  type FriendRequestRejected,
} from '@confab/contract/people/events'
import type { Person } from '@confab/contract/people/resources'
import type { Core } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { type Entry, recordAll } from '../../realtime/log.ts'
import { type FriendRequestRow, listPersonRows } from './pair-queries.ts'
import { toFriendRequest, toPerson } from './views.ts'

type RequestEvent = typeof FriendRequestCreated | typeof FriendRequestAccepted | typeof FriendRequestRejected

/** Two people, each to be told of the other. */
export type Both = readonly [Person, Person]

/** The two people of a request or friendship, as each is shown to the other. */
export async function loadBoth(tx: Tx, core: Core, oneId: number, otherId: number): Promise<Both> {
  const rows = await listPersonRows(tx, [oneId, otherId])
  const [one, other] = [oneId, otherId].map((id) => rows.find((row) => row.id === id))
  if (!one || !other) throw new Error(`people ${oneId} and ${otherId} are not both there`)
  return [toPerson(core, one), toPerson(core, other)]
}

/** Tells both of a request. */
export async function recordRequest(tx: Tx, event: RequestEvent, row: FriendRequestRow, both: Both): Promise<void> {
  const request = toFriendRequest(row)
  await recordForBoth(tx, event, both, (user) => ({ request, user }))
}

/** Tells both that a pending request is gone. */
export async function recordCancelled(tx: Tx, row: FriendRequestRow): Promise<void> {
  const data = { request_id: row.id, from_user: row.from_user_id, to_user: row.to_user_id }
  await recordAll(tx, FriendRequestCancelled, [
    { to: row.from_user_id, data },
    { to: row.to_user_id, data },
  ])
}

/** Tells both that they are friends. */
export async function recordFriends(tx: Tx, both: Both): Promise<void> {
  await recordForBoth(tx, FriendAdded, both, (user) => ({ user }))
}

/** Tells both that they are friends no longer. */
export async function recordFriendsNoLonger(tx: Tx, oneId: number, otherId: number): Promise<void> {
  await recordAll(tx, FriendRemoved, [
    { to: oneId, data: { user_id: otherId } },
    { to: otherId, data: { user_id: oneId } },
  ])
}

async function recordForBoth<D extends EventDefinition>(
  tx: Tx,
  event: D,
  [one, other]: Both,
  dataAbout: (user: Person) => Entry<D>['data'],
): Promise<void> {
  await recordAll(tx, event, [
    { to: one.id, data: dataAbout(other) },
    { to: other.id, data: dataAbout(one) },
  ])
}
