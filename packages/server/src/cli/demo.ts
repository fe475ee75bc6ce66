import type { Command } from 'commander'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { type Config, loadConfig } from '../config.ts'
import type { Database } from '../db/open.ts'
import { makeLogger } from '../lib/logger.ts'
import { StartError } from '../lib/start-error.ts'
import { loadSecretKey } from '../secret-key.ts'
import type { Filled } from './demo/fill.ts'
import { reporting } from './report.ts'
import { type Store, withStore } from './store.ts'

/** `confab demo`: a living product for somebody who has just installed it. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('fill an empty database with a small community to try things with; the server may be running')
    .action(reporting(runDemo))
}

async function runDemo(): Promise<void> {
  const config = loadConfig(process.env, { envFile: '.env' })
  const log = makeLogger(config.logLevel === 'info' ? 'warn' : config.logLevel, process.stderr)
  await withStore(config, log, { name: 'demo', run: (store) => fill(store, config, log) })
}

async function fill(store: Store, config: Config, log: Logger): Promise<void> {
  const secretKey = await loadSecretKey(config)
  const [{ openMigrated }, { createCore }, { fillDemo, newPassword }] = await Promise.all([
    import('./open-migrated.ts'),
    import('../app.ts'),
    import('./demo/fill.ts'),
  ])
  const { database } = await openMigrated(store, { poolSize: 8, log })
  hurry(database)
  try {
    await whereEmpty(database, async () => {
      const core = await createCore({ config, secretKey, database, log })
      const password = newPassword()
      process.stdout.write(describe(await fillDemo(core, password), password))
    })
  } finally {
    await database.close()
  }
}

/** Spares the commits their wait for the disk. The last one of `fillDemo` waits for it, and thereby for all before it. */
function hurry({ pool }: Database): void {
  pool.on('connect', (client) => {
    // It goes first on its connection; where that fails, so do the queries after it.
    client.query('SET synchronous_commit = off').catch(() => {})
  })
}

/** Any number will do, as long as no other lock has it. */
const LOCK = 7_266_341

/**
 * Runs the work if nobody has an account yet. Of several demos at once the others wait for the first, also so that none of
 * them stops the Postgres that it may have started for all.
 */
async function whereEmpty({ kysely }: Database, work: () => Promise<void>): Promise<void> {
  await kysely.connection().execute(async (db) => {
    await sql`SET statement_timeout = 0`.execute(db)
    await sql`SELECT pg_advisory_lock(${LOCK})`.execute(db)
    if (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) {
      throw new StartError(
        'The demo needs an empty database, and there are people in this one: set DATA_DIR to a new folder for it',
      )
    }
    await work()
  })
}

function describe({ people, groups, messages }: Filled, password: string): string {
  const [staff, ...others] = people
  return [
    `The demo is ready: ${people.length} people, ${groups} groups, ${messages.toLocaleString('en')} messages.`,
    `  log in as  ${staff} (who may administer the server), ${others.join(', ')}`,
    `  password   ${password}`,
    '  start      npm start',
    '',
  ].join('\n')
}
