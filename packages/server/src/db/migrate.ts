import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Db } from './open.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

/** How long a migration waits for a table that is in use: whoever waits keeps everybody else waiting behind them. */
const LOCK_WAIT_MS = 10_000

const LOCK_NOT_AVAILABLE = '55P03'

/** The advisory lock of whoever migrates. Any number will do, as long as all servers of a database agree on it. */
export const MIGRATION_LOCK = 7_266_322

/** The migrations that the code brings, in order: `0001-chat.sql`, … */
export async function listMigrations(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
}

/**
 * Brings a database up to the schema of this version, each migration in a transaction of its own. Servers that start at
 * the same time take turns; a database that is up to date costs one query.
 *
 * @returns the names of the migrations that were applied
 * @throws Error where the database has migrations that this version does not know, since it belongs to a newer one, or where
 *   a migration could not have a table
 */
export async function migrate(db: Db, { lockWaitMs = LOCK_WAIT_MS } = {}): Promise<string[]> {
  const known = await listMigrations()
  if (await isUpToDate(db, known)) return []
  return db.connection().execute(async (connection) => {
    // To build an index on a large table takes its time, and so does waiting for the server that does it.
    await sql`SET statement_timeout = 0`.execute(connection)
    await sql`SELECT pg_advisory_lock(${MIGRATION_LOCK})`.execute(connection)
    try {
      await sql`CREATE TABLE IF NOT EXISTS migrations (
        name text PRIMARY KEY, applied_at timestamptz(3) NOT NULL DEFAULT now()
      )`.execute(connection)
      const applied = await listApplied(connection)
      requireKnown(applied, known)
      const missing = known.filter((name) => !applied.includes(name))
      for (const name of missing) await apply(connection, name, lockWaitMs)
      return missing
    } finally {
      await sql`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection)
      await sql`RESET statement_timeout`.execute(connection)
    }
  })
}

async function isUpToDate(db: Db, known: string[]): Promise<boolean> {
  const { rows } = await sql<{ exists: boolean }>`SELECT to_regclass('migrations') IS NOT NULL AS exists`.execute(db)
  if (!rows[0]?.exists) return false
  const applied = await listApplied(db)
  requireKnown(applied, known)
  return known.every((name) => applied.includes(name))
}

async function listApplied(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM migrations ORDER BY name`.execute(db)
  return rows.map((row) => row.name)
}

function requireKnown(applied: string[], known: string[]): void {
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new Error(`The database was migrated by a newer version of Confab (it has ${unknown.join(', ')}).`)
  }
}

async function apply(connection: Db, name: string, lockWaitMs: number): Promise<void> {
  const text = await readFile(new URL(name, FOLDER), 'utf8')
  const applying = connection.transaction().execute(async (tx) => {
    await sql`SELECT set_config('lock_timeout', ${String(lockWaitMs)}, true)`.execute(tx)
    await sql.raw(text).execute(tx)
    await sql`INSERT INTO migrations (name) VALUES (${name})`.execute(tx)
  })
  await applying.catch((error: unknown) => {
    if (Reflect.get(Object(error), 'code') !== LOCK_NOT_AVAILABLE) throw error
    const waited = `${lockWaitMs / 1_000} s`
    throw new Error(`${name} waited ${waited} for a table that is in use. It has changed nothing: start again.`, {
      cause: error,
    })
  })
}
