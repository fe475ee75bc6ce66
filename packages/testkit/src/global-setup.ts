import { rm } from 'node:fs/promises'
import { startEmbeddedPostgres } from '@confab/server/db/embedded'
import { migrate } from '@confab/server/db/migrate'
import { openDatabase } from '@confab/server/db/open'
import { makeLogger } from '@confab/server/lib/logger'
import type { TestProject } from 'vitest/node'
import { removeForgottenFolders, temporaryFolder } from './temporary-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of a superuser of the run's Postgres, from which databases are made and dropped. */
    postgresUrl: string
  }
}

/** The database that each test file's own is a copy of. */
export const TEMPLATE = 'confab_template'

/**
 * One Postgres for the whole run, with a migrated template: the embedded one, or the one of `TEST_DATABASE_URL`, where
 * the role must be allowed to create databases.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env.TEST_DATABASE_URL
  await removeForgottenFolders()
  const folder = await temporaryFolder('confab-test-')
  const postgres = external
    ? { url: external, stop: async () => {} }
    : await startEmbeddedPostgres({ dataDir: folder, log: makeLogger('warn') })
  if (!external) await forgoDurability(postgres.url)
  await makeTemplate(postgres.url)
  project.provide('postgresUrl', postgres.url)
  return async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** This one is gone with the run, so that its disk need not be in order. Tests of power cuts bring their own. */
async function forgoDurability(adminUrl: string): Promise<void> {
  const admin = openDatabase(adminUrl, { poolSize: 1 })
  await admin.pool.query('ALTER SYSTEM SET fsync = off')
  await admin.pool.query('ALTER SYSTEM SET full_page_writes = off')
  await admin.pool.query('SELECT pg_reload_conf()')
  await admin.close()
}

async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = openDatabase(adminUrl, { poolSize: 1 })
  await admin.pool.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`)
  await admin.pool.query(`CREATE DATABASE ${TEMPLATE}`)
  await admin.close()
  const template = openDatabase(databaseUrl(adminUrl, TEMPLATE), { poolSize: 1 })
  await migrate(template.kysely)
  await template.close()
}

/** The address of another database of the same Postgres. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.toString()
}
