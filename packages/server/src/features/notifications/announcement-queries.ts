import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'

/** What staff tell everyone, and how far that has come: to whom, by the order of people's ids. */
export type Announcement = Readonly<{
  id: number
  content: string
  announcerId: number
  toldUpTo: number
  lastUserId: number
}>

/** Stores what is to be told to everyone there is by now, but whoever announces it. */
export async function insertAnnouncement(tx: Tx, announcerId: number, content: string): Promise<void> {
  await sql`
    INSERT INTO announcements (content, announcer_id, last_user_id)
    SELECT ${content}, ${announcerId}, max(id) FROM users`.execute(tx)
}

/** Takes the oldest that no other server is busy with, until the end of the transaction. */
export async function takeOldest(tx: Tx): Promise<Announcement | undefined> {
  const { rows } = await sql<Announcement>`
    SELECT id, content, announcer_id AS "announcerId", told_up_to AS "toldUpTo", last_user_id AS "lastUserId"
    FROM announcements ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`.execute(tx)
  return rows[0]
}

/** The next people who are to be told, in order. */
export async function listUntold(
  tx: Tx,
  { toldUpTo, lastUserId }: Pick<Announcement, 'toldUpTo' | 'lastUserId'>,
  limit: number,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM users WHERE id > ${toldUpTo} AND id <= ${lastUserId} ORDER BY id LIMIT ${limit}`.execute(tx)
  return rows.map((row) => row.id)
}

/** Says that people up to an id are told. */
export async function moveOn(tx: Tx, id: number, toldUpTo: number): Promise<void> {
  await sql`UPDATE announcements SET told_up_to = ${toldUpTo} WHERE id = ${id}`.execute(tx)
}

/** Everyone is told. */
export async function remove(tx: Tx, id: number): Promise<void> {
  await sql`DELETE FROM announcements WHERE id = ${id}`.execute(tx)
}
