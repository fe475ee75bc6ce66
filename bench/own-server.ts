import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRunningPostgres } from '@confab/server/db/embedded'
import { readPidFile } from '@confab/server/db/embedded/pid-file'
import pg from 'pg'
import { atTheEnd, end, startProgram } from './children.ts'
import { seedPeople } from './seed/people.ts'
import type { Person, Subject } from './subject.ts'

/** What `npm start` gives Node. */
const nodeOptions = ['--max-semi-space-size=16']

const program = fileURLToPath(new URL('../packages/server/bin/confab.js', import.meta.url))

/** A process of the server. */
export type ServerProcess = Readonly<{
  url: string
  pid: number
  /** From the start of its process until it said that it is ready, in milliseconds. */
  readyMs: number
  /** Where its inspector listens, if it was started with one. */
  inspectorUrl: string | undefined
  stop(): Promise<void>
}>

/** A server that the run started, with a database of its own. */
export type OwnServer = Subject &
  ServerProcess &
  Readonly<{
    databasePid: number
    databaseUrl: string
    /** What its tokens are signed with. */
    secretKey: string
    /** A connection to its database, open as long as the server runs. */
    database: pg.Client
  }>

/** An empty folder for a server's data. It is removed at the end of the run. */
export async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'confab-bench-'))
  // Root's Postgres runs as another user, who must be able to enter.
  await chmod(dataDir, 0o755)
  atTheEnd(() => rm(dataDir, { recursive: true, force: true }))
  return dataDir
}

/**
 * Starts the server as `npm start` does, without rate limits, on a free port of the loopback.
 *
 * @param environment more variables, as an operator would set them
 * @throws Error with what it said where it does not start
 */
export async function startOwnServer(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<OwnServer> {
  const server = await startProcess(dataDir, environment)
  const { pid: databasePid = 0 } = (await readPidFile(path.join(dataDir, 'postgres'))) ?? {}
  const databaseUrl = await findRunningPostgres({ dataDir })
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  const secretKey = (await readFile(path.join(dataDir, 'secret.key'), 'utf8')).trim()
  const known: Person[] = []
  return {
    ...server,
    databasePid,
    databaseUrl,
    secretKey,
    database,
    async people(count) {
      if (known.length < count) known.push(...(await seedPeople(database, secretKey, count - known.length)))
      return known.slice(0, count)
    },
    async stop() {
      await database.end()
      await server.stop()
    },
  }
}

/** Starts another server on the same database, for the same people. */
export async function startSecondServer(
  first: OwnServer,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const { databaseUrl: DATABASE_URL, secretKey: SECRET_KEY } = first
  return startProcess(await newDataDir(), { DATABASE_URL, SECRET_KEY, ...environment })
}

async function startProcess(dataDir: string, environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const { PATH = '', BENCH_NODE_OPTIONS: NODE_OPTIONS = '' } = process.env
  const startedAt = performance.now()
  const child = startProgram(process.execPath, [...nodeOptions, program, 'serve'], {
    cwd: dataDir,
    env: { PATH, NODE_OPTIONS, ...settings(dataDir), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { url, inspectorUrl } = await untilReady(child)
  const readyMs = performance.now() - startedAt
  return { url, pid: child.pid ?? 0, readyMs, inspectorUrl, stop: () => end(child) }
}

function settings(dataDir: string): Record<string, string> {
  return { DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: '0', RATE_LIMIT_FACTOR: '0', LOG_LEVEL: 'warn' }
}

/** Waits for the banner. */
function untilReady(
  child: ReturnType<typeof startProgram>,
): Promise<{ url: string; inspectorUrl: string | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof untilReady>>>()
  let banner = ''
  let complaints = ''
  child.stdout?.on('data', (chunk) => {
    banner += chunk
    const url = /address +(\S+)[\s\S]*create-admin/.exec(banner)?.[1]
    if (url) resolve({ url, inspectorUrl: /listening on (ws:\S+)/.exec(complaints)?.[1] })
  })
  child.stderr?.on('data', (chunk) => {
    complaints += chunk
  })
  child.once('exit', () => reject(new Error(`the server did not start: ${complaints}${banner}`)))
  return promise
}
