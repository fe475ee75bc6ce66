import type { Command } from 'commander'
import { sql } from 'kysely'
import { type Logger, pino } from 'pino'
import { type Config, loadConfig } from '../config.ts'
import type { Database } from '../db/open.ts'
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
  const log = pino({ level: config.logLevel === 'info' ? 'warn' : config.logLevel }, process.stderr)
  await withStore(config, log, { name: 'demo', run: (store) => fill(store, config, log) })
}

async function fill(store: Store, config: Config, log: Logger): Promise<void> {
  const secretKey = await loadSecretKey(config)
  const [{ openMigrated }, { createCore }, { fillDemo, newPassword }] = await Promise.all([
    import('./open-migrated.ts'),
    import('../app.ts'),
    import('./demo/fill.ts'),
  ])
  const { database } = await openMigrated(store, { poolSize: 6, log })
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

/** Any number will do, as long as no other lock has it. */
const LOCK = 7_266_341

/** Runs the work if nobody has an account yet; of several demos at once, one. */
async function whereEmpty(database: Database, work: () => Promise<void>): Promise<void> {
  await database.kysely.connection().execute(async (db) => {
    const { rows } = await sql<{ free: boolean }>`
      SELECT pg_try_advisory_lock(${LOCK}) AND NOT EXISTS (SELECT FROM users) AS free`.execute(db)
    if (!rows[0]?.free) {
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
