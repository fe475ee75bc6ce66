import type { Command } from 'commander'
import type { Logger } from 'pino'
import { loadConfig } from '../config.ts'
import { makeLogger } from '../lib/logger.ts'
import { StartError } from '../lib/start-error.ts'
import { ask, askSecret, readStdin } from './prompt.ts'
import { reporting } from './report.ts'
import { type Store, withStore } from './store.ts'

type Options = { username?: string; email?: string; passwordStdin?: boolean }
type Account = { username: string; email: string; password: string }

/** `confab create-admin`: the way to the first account that may administer the server. */
export function registerCreateAdmin(program: Command): void {
  program
    .command('create-admin')
    .description('make an account that may administer the server, which may be running')
    .option('--username <name>', 'instead of asking for it')
    .option('--email <address>', 'instead of asking for it')
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .action(reporting(runCreateAdmin))
}

async function runCreateAdmin(options: Options): Promise<void> {
  const config = loadConfig(process.env, { envFile: '.env' })
  const log = makeLogger(config.logLevel, process.stderr)
  const loading = loadCode()
  loading.catch(() => {})
  // All questions come first, so that no Postgres waits for somebody to type.
  const account = await askForAccount(options)
  await withStore(config, log, {
    name: 'create-admin',
    run: async (store) => create(await loading, { store, account, log }),
  })
}

async function askForAccount(options: Options): Promise<Account> {
  const username = options.username ?? (await ask('Username: '))
  const email = options.email ?? (await ask('Email: '))
  if (options.passwordStdin) return { username, email, password: await readStdin() }
  const password = await askSecret('Password: ')
  if (password !== (await askSecret('Password again: '))) throw new StartError('The two passwords differ')
  return { username, email, password }
}

/** What makes an account: read while the questions are answered, so that nobody waits for it after them. */
async function loadCode() {
  const [{ openMigrated }, { createAdmin }, { InvalidFields }] = await Promise.all([
    import('./open-migrated.ts'),
    import('../features/accounts/service.ts'),
    import('../chat-error.ts'),
  ])
  return { openMigrated, createAdmin, InvalidFields }
}

async function create(
  { openMigrated, createAdmin, InvalidFields }: Awaited<ReturnType<typeof loadCode>>,
  { store, account, log }: { store: Store; account: Account; log: Logger },
): Promise<void> {
  const { database } = await openMigrated(store, { poolSize: 1, log })
  try {
    await createAdmin({ database }, account)
    process.stdout.write(`The admin ${account.username} was created.\n`)
  } catch (error) {
    throw error instanceof InvalidFields ? new StartError(describe(error.fields), { cause: error }) : error
  } finally {
    await database.close()
  }
}

/** The fields' errors in a line: `username: …; password: …`. */
function describe(fields: object): string {
  return Object.entries(fields)
    .map(([field, errors]) => `${field}: ${Array.isArray(errors) ? errors.join(' ') : JSON.stringify(errors)}`)
    .join('; ')
}
