import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { chatName, joinOther } from './list-queries.ts'

/** A room, and what is kept of somebody in it. */
export type PlaceRow = Readonly<{
  id: number
  is_group: boolean
  chat_name: string
  is_admin: boolean
  joined_at: string
  read_no: number
  muted_until: string | null
}>

/** The rooms of somebody by id, hidden ones too; after an id. */
export async function listPlaceRows(
  db: Db,
  userId: number,
  { after, limit }: { after: number; limit: number },
): Promise<PlaceRow[]> {
  const { rows } = await sql<PlaceRow>`
    SELECT r.id, r.kind = 'group' AS is_group, ${chatName} AS chat_name, m.role = 'admin' AS is_admin,
      m.joined_at, m.read_no, CASE WHEN m.muted_until > now() THEN m.muted_until END AS muted_until
    FROM room_members m JOIN rooms r ON r.id = m.room_id ${joinOther(userId)}
    WHERE m.user_id = ${userId} AND m.room_id > ${after} AND r.deleted_at IS NULL
    ORDER BY m.room_id LIMIT ${limit}`.execute(db)
  return rows
}
