/**
 * Writes packages/server/src/db/schema.gen.ts from the migrated schema, on a throw-away embedded Postgres.
 * With `--verify` it writes nothing and fails where the file is not what it would write.
 */
import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '@confab/server/db/embedded'
import { migrate } from '@confab/server/db/migrate'
import { openDatabase } from '@confab/server/db/open'
import { pino } from 'pino'

const OUT_FILE = 'packages/server/src/db/schema.gen.ts'
const folder = await mkdtemp(path.join(tmpdir(), 'confab-gen-'))
// Postgres, which does not run as root, must be able to reach it.
await chmod(folder, 0o755)
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: pino({ level: 'warn' }) })
try {
  const database = openDatabase(postgres.url, { poolSize: 1 })
  await migrate(database.kysely)
  await database.close()
  const { status } = spawnSync(
    'npx',
    [
      ...['kysely-codegen', '--dialect', 'postgres', '--url', postgres.url, '--out-file', OUT_FILE],
      ...['--type-mapping', '{"int8":"number","timestamptz":"string"}', '--exclude-pattern', 'migrations'],
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit' },
  )
  process.exitCode = status ?? 1
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
