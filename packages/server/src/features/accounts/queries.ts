import type { ProfileFields } from '@confab/contract/accounts/resources'
import { MAX_FRIEND_IDS } from '@confab/contract/people/resources'
import { type Selectable, sql } from 'kysely'
import type { DB, Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import { nameKey } from './names.ts'

/** What a token names, as the database has it. Null where there is no such person, or no such session that is alive. */
export type SessionState = Readonly<{
  username: string | null
  isStaff: boolean
  sessionId: number | null
  /** Whether its last use was written down more than a minute ago. */
  isIdle: boolean
}>

/** Looks up people and their sessions, in the order given. */
export async function findSessionStates(
  db: Db,
  wanted: readonly Readonly<{ userId: number; sessionId: number | undefined }>[],
): Promise<SessionState[]> {
  const userIds = wanted.map((one) => one.userId)
  const sessionIds = wanted.map((one) => one.sessionId ?? null)
  const { rows } = await sql<SessionState>`${prepared}
    SELECT u.username, coalesce(u.is_staff, false) AS "isStaff", s.id AS "sessionId",
      coalesce(s.last_used_at < now() - interval '1 minute', false) AS "isIdle"
    FROM unnest(${userIds}::bigint[], ${sessionIds}::bigint[]) WITH ORDINALITY AS w (user_id, session_id, ord)
    LEFT JOIN users u ON u.id = w.user_id AND u.deleted_at IS NULL
    LEFT JOIN sessions s ON s.id = w.session_id AND s.user_id = w.user_id
      AND s.revoked_at IS NULL AND s.expires_at > now()
    ORDER BY w.ord`.execute(db)
  return rows
}

/** Those of the sessions that do not hold any more: ended, expired, or deleted since. */
export async function findEndedSessions(db: Db, sessionIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT w.id FROM unnest(${sessionIds}::bigint[]) AS w (id)
    WHERE NOT EXISTS (
      SELECT FROM sessions s WHERE s.id = w.id AND s.revoked_at IS NULL AND s.expires_at > now()
    )`.execute(db)
  return rows.map((row) => row.id)
}

/** Writes down that sessions are in use, at most once a minute each. */
export async function touchSessions(db: Db, sessionIds: readonly number[]): Promise<void> {
  await sql`
    UPDATE sessions SET last_used_at = now()
    WHERE id = ANY (${sessionIds}::bigint[]) AND last_used_at < now() - interval '1 minute'`.execute(db)
}

/** Somebody who may log in. */
export type Credentials = Readonly<{ id: number; username: string; passwordHash: string }>

/** Who logs in under a username or an email address, in any case. */
export function findCredentials(db: Db, identifier: string): Promise<Credentials | undefined> {
  return db
    .selectFrom('login_names')
    .innerJoin('users', 'users.id', 'login_names.user_id')
    .select(['users.id', 'users.username', 'users.password_hash as passwordHash'])
    .where('login_names.name', '=', nameKey(identifier))
    .executeTakeFirst()
}

/** Which of these names somebody has, other than the person given. */
export async function listTakenNames(db: Db, names: readonly string[], exceptUserId?: number): Promise<Set<string>> {
  if (names.length === 0) return new Set()
  let query = db.selectFrom('login_names').select('name').where('name', 'in', names.map(nameKey))
  if (exceptUserId !== undefined) query = query.where('user_id', '<>', exceptUserId)
  const rows = await query.execute()
  return new Set(rows.map((row) => row.name))
}

/** A name to log in with. */
export type LoginName = Readonly<{ name: string; kind: 'username' | 'email' }>

/**
 * Takes names for a person, who may have some of them already.
 *
 * @returns those that are somebody else's, and were not taken
 */
export async function claimNames(tx: Tx, userId: number, names: readonly LoginName[]): Promise<LoginName[]> {
  if (names.length === 0) return []
  // In the order of the names, so that two who want the same ones cannot wait for each other.
  const rows = names
    .map(({ name, kind }) => ({ name: nameKey(name), kind, user_id: userId }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  await tx
    .insertInto('login_names')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const taken = await listTakenNames(
    tx,
    names.map((one) => one.name),
    userId,
  )
  return names.filter((one) => taken.has(nameKey(one.name)))
}

/** Gives up the email address that a person logs in with. */
export async function releaseEmail(tx: Tx, userId: number): Promise<void> {
  await tx.deleteFrom('login_names').where('user_id', '=', userId).where('kind', '=', 'email').execute()
}

/** Gives up everything that a person logs in with. */
export async function deleteLoginNames(tx: Tx, userId: number): Promise<void> {
  await tx.deleteFrom('login_names').where('user_id', '=', userId).execute()
}

/** Deletes all sessions of a person. Answers their ids. */
export async function deleteSessions(tx: Tx, userId: number): Promise<number[]> {
  const rows = await tx.deleteFrom('sessions').where('user_id', '=', userId).returning('id').execute()
  return rows.map((row) => row.id)
}

/** Stores a new person. Their names are to be claimed in the same transaction. */
export async function insertUser(
  tx: Tx,
  user: Readonly<{ username: string; email: string | null; password_hash: string; is_staff: boolean }>,
): Promise<number> {
  const row = await tx.insertInto('users').values(user).returning('id').executeTakeFirstOrThrow()
  return row.id
}

/** A login to store. */
export type NewSession = Readonly<{ refreshId: string; userAgent: string; address: string; days: number }>

/**
 * Stores a login of somebody whose password hash is still the one that was checked. A change of the password waits for
 * it or goes before it, so that no login by an old password outlives the change.
 *
 * @returns the id of the session, or undefined if the password was changed meanwhile
 */
export async function insertSession(
  tx: Tx,
  user: Readonly<{ id: number; passwordHash: string }>,
  session: NewSession,
): Promise<number | undefined> {
  const { refreshId, userAgent, address, days } = session
  const { rows } = await sql<{ id: number }>`
    WITH person AS (
      SELECT id FROM users WHERE id = ${user.id} AND password_hash = ${user.passwordHash} FOR SHARE
    )
    INSERT INTO sessions (user_id, refresh_id, user_agent, address, expires_at)
    SELECT id, ${refreshId}, ${userAgent}, ${address}, now() + make_interval(days => ${days}) FROM person
    RETURNING id`.execute(tx)
  return rows[0]?.id
}

/** Stores the hash of the same password by another method, unless the password was changed meanwhile. */
export async function replaceHash(tx: Tx, userId: number, from: string, to: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('users')
    .set({ password_hash: to })
    .where('id', '=', userId)
    .where('password_hash', '=', from)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The session that a refresh token belongs to, and whose it is; ended ones too. */
export function findSessionOfToken(db: Db, token: { sessionId: number; userId: number; refreshId: string }) {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.id', 'sessions.user_id', 'sessions.revoked_at', 'users.username'])
    .where('sessions.id', '=', token.sessionId)
    .where('sessions.user_id', '=', token.userId)
    .where('sessions.refresh_id', '=', token.refreshId)
    .executeTakeFirst()
}

/** Ends the sessions of a person: one, or all but one. Answers the ids of those that were alive. */
export async function revokeSessions(
  db: Db,
  userId: number,
  which: Readonly<{ only: number }> | Readonly<{ except: number }>,
): Promise<number[]> {
  const query = db
    .updateTable('sessions')
    .set({ revoked_at: sql<string>`now()` })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .returning('id')
  const chosen = 'only' in which ? query.where('id', '=', which.only) : query.where('id', '<>', which.except)
  const rows = await chosen.execute()
  return rows.map((row) => row.id)
}

/** The sessions of a person that are alive, the latest first. */
export function listLiveSessions(
  db: Db,
  userId: number,
  page: Readonly<{ beforeId: number | undefined; limit: number }>,
) {
  let query = db
    .selectFrom('sessions')
    .select(['id', 'user_agent', 'address', 'created_at', 'last_used_at'])
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
  if (page.beforeId !== undefined) query = query.where('id', '<', page.beforeId)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** Deletes up to `limit` sessions that expired. Answers how many it were. */
export async function deleteExpiredSessions(tx: Tx, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions WHERE expires_at <= now() ORDER BY expires_at LIMIT ${limit}
    )`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

/** Whether this transaction may clean up; false while another server does. */
export async function tryLockCleanUp(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('accounts.sessions')) AS locked`.execute(tx)
  return rows[0]?.locked === true
}

/** What the columns that are CHECKed hold. */
type CheckedColumns = Pick<
  ProfileFields,
  'allow_direct_messages' | 'allow_group_adds' | 'email_visibility' | 'presence_visibility'
>

/** Somebody's own row. */
export type OwnRow = Omit<Selectable<DB['users']>, keyof CheckedColumns> & CheckedColumns

/** The row of somebody who is logged in; undefined once they are deleted. */
export function findUser(db: Db, userId: number): Promise<OwnRow | undefined> {
  return selectOwnRow(db, userId).executeTakeFirst()
}

/** The same, locked against any other change until the transaction ends. */
export function lockUser(tx: Tx, userId: number): Promise<OwnRow | undefined> {
  return selectOwnRow(tx, userId).forUpdate().executeTakeFirst()
}

function selectOwnRow(db: Db, userId: number) {
  return db
    .selectFrom('users')
    .selectAll()
    .$narrowType<CheckedColumns>()
    .where('id', '=', userId)
    .where('deleted_at', 'is', null)
}

/** Changes somebody's row and answers it. */
export function setUser(tx: Tx, userId: number, changed: Partial<OwnRow>): Promise<OwnRow> {
  return tx
    .updateTable('users')
    .set(changed)
    .where('id', '=', userId)
    .returningAll()
    .$narrowType<CheckedColumns>()
    .executeTakeFirstOrThrow()
}

/** The ids of somebody's friends, in order: the lowest, as many as are shown with a person. */
export async function listFriendIds(db: Db, userId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`${prepared}
    SELECT high_id AS id FROM friendships WHERE low_id = ${userId}
    UNION ALL
    SELECT low_id FROM friendships WHERE high_id = ${userId}
    ORDER BY id LIMIT ${sql.lit(MAX_FRIEND_IDS)}`.execute(db)
  return rows.map((row) => row.id)
}
