import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@confab/testkit/temporary-folder'
import pg from 'pg'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { readPidFile } from '../db/embedded/pid-file.ts'
import { findRunningPostgres } from '../db/embedded.ts'

/** The program that `npm start` and `npx confab` run. */
export const confab = fileURLToPath(new URL('../../bin/confab.js', import.meta.url))

/** What a process gets as its environment, beside `PATH` and a free port. */
export type Environment = Readonly<Record<string, string>>

/** What a process printed until now. */
type Output = { stdout: string; stderr: string }

/** A process of the command line. */
export type Process = {
  readonly child: ChildProcess
  readonly output: Readonly<Output>
  /** Resolves when it has ended and its output is complete. */
  readonly closed: Promise<Output & { code: number | null }>
}

/**
 * The command line for one test file: temporary data folders, and no process outlives its test.
 *
 * @param options those of `temporaryFolder`
 */
export function useCli(options: { isOnDisk?: boolean } = {}) {
  const processes = new Set<Process>()
  let base = ''
  let model: Promise<string> | undefined
  const newDataDir = () => path.join(base, randomUUID())
  beforeAll(async () => {
    base = await temporaryFolder('confab-cli-', options)
  })
  afterEach(async () => {
    for (const each of processes) each.child.kill('SIGTERM')
    await Promise.all([...processes].map(({ closed }) => closed))
    processes.clear()
  })
  afterAll(() => rm(base, { recursive: true }))

  const launch = (args: string[], env: Environment, command = process.execPath): Process => {
    const words = command === process.execPath ? [confab, ...args] : args
    const { PATH = '' } = process.env
    const started = follow(spawn(command, words, { cwd: base, env: { PATH, PORT: '0', ...env } }))
    processes.add(started)
    return started
  }
  return {
    /** The path of a data folder that does not exist yet. */
    newDataDir,
    /** The same with a database in it, which was cleanly stopped: a copy of one that is made once for the file. */
    async preparedDataDir() {
      model ??= prepare(newDataDir(), launch)
      const copy = newDataDir()
      await once(spawn('cp', ['-a', await model, copy]), 'close')
      return copy
    },
    /** The working directory of all processes, for `.env` files. */
    folder: () => base,
    launch,
    run: (args: string[], env: Environment) => launch(args, env).closed,
    serve: (env: Environment) => untilReady(launch(['serve'], env)),
  }
}

async function prepare(dataDir: string, launch: (args: string[], env: Environment) => Process): Promise<string> {
  const { code, stderr } = await launch(['migrate'], { DATA_DIR: dataDir }).closed
  if (code !== 0) throw new Error(stderr)
  return dataDir
}

/** Ends a server as a power cut would, and other processes with it if asked. */
export async function kill({ child, closed }: Process, ...more: number[]): Promise<void> {
  child.kill('SIGKILL')
  for (const pid of more) process.kill(pid, 'SIGKILL')
  await closed
}

/** The cluster of a data folder that Postgres's user can enter. */
export const clusterOf = (dataDir: string) => path.join(dataDir, 'postgres')

/** The id of the Postgres process that runs on a data folder. */
export async function postmasterOf(dataDir: string): Promise<number> {
  const file = await readPidFile(clusterOf(dataDir))
  if (!file) throw new Error(`nothing runs on ${dataDir}`)
  return file.pid
}

/** What a statement gives, all columns of all rows in one list, from the Postgres that runs on a data folder. */
export async function query(dataDir: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: await findRunningPostgres({ dataDir }) })
  await client.connect()
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

function follow(child: ReturnType<typeof spawn>): Process {
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk
  })
  return { child, output, closed: once(child, 'close').then(() => ({ ...output, code: child.exitCode })) }
}

/** Waits for the banner, from its first line to its last. */
async function untilReady(server: Process): Promise<Process & { url: string }> {
  const ready = Promise.withResolvers<string>()
  server.child.stdout?.on('data', () => {
    const url = /address +(\S+)[\s\S]*create-admin/.exec(server.output.stdout)?.[1]
    if (url) ready.resolve(url)
  })
  void server.closed.then(({ stderr }) => ready.reject(new Error(`it ended: ${stderr}`)))
  return { ...server, url: await ready.promise }
}
