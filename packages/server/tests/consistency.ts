import { expect } from 'vitest'
import { UNREAD_COUNT } from '../src/db/unread-count.ts'

/** Each of these finds what must never be in a database, whatever happened to the server. */
const FAULTS: Readonly<Record<string, string>> = {
  'a gap in the numbers of messages': `
    SELECT id FROM (SELECT id, no, row_number() OVER (PARTITION BY room_id ORDER BY id) AS place FROM messages) m
    WHERE no <> place`,
  'a gap in the numbers of events': `
    SELECT seq FROM (SELECT seq, row_number() OVER (PARTITION BY room_id ORDER BY seq) AS place FROM room_events) e
    WHERE seq <> place`,
  'a gap in the numbers of somebody’s events': `
    SELECT seq FROM (SELECT seq, row_number() OVER (PARTITION BY user_id ORDER BY seq) AS place FROM user_events) e
    WHERE seq <> place`,
  'a room whose last numbers are not those of its log and its messages': `
    SELECT id FROM rooms r
    WHERE deleted_at IS NULL AND (
      event_seq <> (SELECT count(*) FROM room_events WHERE room_id = r.id)
      OR message_no <> (SELECT count(*) FROM messages WHERE room_id = r.id)
      OR last_message_id IS DISTINCT FROM (
        SELECT max(id) FROM messages WHERE room_id = r.id AND deleted_at IS NULL
      )
    )`,
  'a message without exactly one event': `
    SELECT id FROM messages m
    LEFT JOIN (
      SELECT room_id, message_id, count(*) FROM room_events WHERE type = 'message.created' GROUP BY room_id, message_id
    ) e ON e.room_id = m.room_id AND e.message_id = m.id
    WHERE e.count IS DISTINCT FROM 1`,
  'a wrong unread count': `
    SELECT m.user_id FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE ${UNREAD_COUNT} <> (
      SELECT count(*) FROM messages
      WHERE room_id = m.room_id AND no > m.read_no AND sender_id <> m.user_id AND deleted_at IS NULL
    )`,
  'a message without text and image': `
    SELECT id FROM messages WHERE deleted_at IS NULL AND content = '' AND image IS NULL`,
  'a group without an admin': `
    SELECT id FROM rooms r
    WHERE kind = 'group' AND deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM room_members WHERE room_id = r.id AND role = 'admin')`,
  'a direct room that is not of two': `
    SELECT id FROM rooms r
    WHERE kind = 'direct' AND deleted_at IS NULL AND 2 <> (SELECT count(*) FROM room_members WHERE room_id = r.id)`,
  'an image that counts as used and is not': `
    SELECT key FROM media
    WHERE attached_at IS NOT NULL AND detached_at IS NULL
      AND key NOT IN (SELECT image FROM users WHERE image IS NOT NULL
        UNION ALL SELECT image FROM rooms WHERE image IS NOT NULL
        UNION ALL SELECT image FROM messages WHERE image IS NOT NULL)`,
  'a person whom nobody can log in as': `
    SELECT id FROM users u
    WHERE deleted_at IS NULL AND NOT EXISTS (SELECT FROM login_names WHERE user_id = u.id AND kind = 'username')`,
  'a deleted person who can log in or is in a group': `
    SELECT id FROM users u
    WHERE deleted_at IS NOT NULL AND (
      EXISTS (SELECT FROM login_names WHERE user_id = u.id)
      OR EXISTS (SELECT FROM sessions WHERE user_id = u.id)
      OR EXISTS (SELECT FROM room_members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = u.id AND r.kind = 'group')
    )`,
}

/** Expects that nothing in a database contradicts anything else; the runner answers the values of the first column. */
export async function expectConsistent(run: (sql: string) => Promise<unknown[]>): Promise<void> {
  for (const [fault, sql] of Object.entries(FAULTS)) expect(await run(sql), fault).toEqual([])
}
