import type { Command } from 'commander'
import { loadConfig } from '../config.ts'
import { makeLogger } from '../lib/logger.ts'
import { reporting } from './report.ts'
import { withStore } from './store.ts'

/** `confab migrate`: what `serve` does before it listens, alone. For operators who want it to be a step of its own. */
export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description("bring the database's schema up to this version's")
    .action(reporting(runMigrate))
}

async function runMigrate(): Promise<void> {
  const config = loadConfig(process.env, { envFile: '.env' })
  const log = makeLogger(config.logLevel, process.stderr)
  await withStore(config, log, {
    name: 'migrate',
    async run(store) {
      const { openMigrated } = await import('./open-migrated.ts')
      const { database, applied } = await openMigrated(store, { poolSize: 1, log })
      await database.close()
      process.stdout.write(applied.length === 0 ? 'Nothing to do: the schema is up to date.\n' : describe(applied))
    },
  })
}

function describe(applied: string[]): string {
  return applied.map((name) => `Applied ${name}\n`).join('')
}
