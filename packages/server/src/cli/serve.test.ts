import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import path from 'node:path'
import { Api } from '@confab/testkit/api'
import { freePort } from '@confab/testkit/free-port'
import { describe, expect, test, vi } from 'vitest'
import { isPostmaster, readPidFile } from '../db/embedded/pid-file.ts'
import { choosePostgresUser } from '../db/embedded/user.ts'
import { clusterOf, confab, type Environment, kill, postmasterOf, query, useCli } from './testing.ts'

const { launch, newDataDir, preparedDataDir, run, serve } = useCli()

/** The head of a call, but for its length. Once the server has read that, it says so: the call is under way. */
const begunCall = 'POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n'

describe('serve', () => {
  test('prints where it is, where its docs and data are and how to make an admin, and answers', async () => {
    const dataDir = newDataDir()
    const { url, output } = await serve({ DATA_DIR: dataDir })
    expect(output.stdout).toMatch(/^Confab is ready\.$/m)
    expect(output.stdout).toContain(`${url}/api/schema/swagger-ui/`)
    expect(output.stdout).toMatch(/^ {2}web app {4}/m)
    expect(output.stdout).toContain(dataDir)
    expect(output.stdout).toContain('npm run confab -- create-admin')
    expect((await new Api(url).get('/readyz')).status).toBe(200)
    expect((await stat(path.join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600)
  })

  test('says that there are no rate limits, whatever is logged, and nothing of limits where there are', async () => {
    const limits = /^ {2}limits .*$/gm
    const limited = await serve({ DATA_DIR: await preparedDataDir(), LOG_LEVEL: 'error' })
    expect(limited.output.stdout).not.toMatch(limits)
    const unlimited = await serve({ DATA_DIR: await preparedDataDir(), LOG_LEVEL: 'error', RATE_LIMIT_FACTOR: '0' })
    expect(unlimited.output.stdout.match(limits)).toEqual(['  limits     none: RATE_LIMIT_FACTOR is 0'])
  })

  test('logs an error of the database without the row that it was about', async () => {
    const dataDir = await preparedDataDir()
    const { url, output } = await serve({ DATA_DIR: dataDir })
    await query(dataDir, "ALTER TABLE users ADD CONSTRAINT unforeseen CHECK (username <> 'swordfish')")
    const password = 'twelve-wild-geese-7'
    const body = JSON.stringify({ username: 'swordfish', password, confirm_password: password })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${url}/api/register/`, { method: 'POST', headers, body })).status).toBe(500)
    await vi.waitFor(() => expect(output.stdout).toContain('"constraint":"unforeseen"'))
    expect(output.stdout).not.toContain('swordfish')
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it and leaves Postgres cleanly stopped', async (signal) => {
    const dataDir = await preparedDataDir()
    const server = await serve({ DATA_DIR: dataDir })
    const pid = await postmasterOf(dataDir)
    server.child.kill(signal)
    expect(await server.closed).toMatchObject({ code: 0, stderr: '' })
    expect(await isPostmaster(pid, clusterOf(dataDir))).toBe(false)
    expect(await readFile(path.join(dataDir, 'postgres.log'), 'utf8')).toMatch(/database system is shut down\s*$/)
    expect(await readdir(dataDir)).not.toContain('server.json')
  })

  const unheard = {
    'nobody reads what it says': (env: Environment) => {
      const started = launch(['serve'], env)
      started.child.stdout?.destroy()
      return started
    },
    'there is no room for what it says': (env: Environment) =>
      launch(['-c', `exec "${process.execPath}" "${confab}" serve > /dev/full`], env, 'sh'),
  }

  describe.each(Object.entries(unheard))('where %s', (where, start) => {
    const isPossible = !where.startsWith('there is no room') || existsSync('/dev/full')
    test.runIf(isPossible)('goes on, and stops cleanly', async () => {
      const dataDir = await preparedDataDir()
      const port = await freePort()
      const { child, closed } = start({ DATA_DIR: dataDir, PORT: String(port) })
      const ask = () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status)
      await vi.waitFor(async () => expect(await ask()).toBe(200), { timeout: 20_000 })
      const pid = await postmasterOf(dataDir)

      child.kill('SIGTERM')
      expect(await closed).toMatchObject({ code: 0, stderr: '' })
      expect(await isPostmaster(pid, clusterOf(dataDir))).toBe(false)
    })
  })

  test('a second signal ends it at once, and Postgres stops all the same', async () => {
    const dataDir = await preparedDataDir()
    const server = await serve({ DATA_DIR: dataDir, SHUTDOWN_GRACE_SECONDS: '600' })
    const pid = await postmasterOf(dataDir)
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`${begunCall}Content-Length: 100\r\n\r\n{`)
    await once(socket, 'data')
    server.child.kill('SIGTERM')
    await vi.waitFor(() => expect(server.output.stdout).toContain('"msg":"stopping"'), { timeout: 20_000 })
    // Signals close to the first count as the same one.
    const insist = setInterval(() => server.child.kill('SIGTERM'), 100)
    expect((await server.closed).code).toBe(1)
    clearInterval(insist)
    socket.destroy()
    await vi.waitFor(async () => expect(await isPostmaster(pid, clusterOf(dataDir))).toBe(false), { timeout: 10_000 })
  })

  test('a call under way at the stop is answered, and its connection does not hold the stop up', async () => {
    const dataDir = await preparedDataDir()
    const server = await serve({ DATA_DIR: dataDir })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').setEncoding('utf8')
    let answer = ''
    socket.on('data', (text) => {
      answer += text
    })
    socket.write(`${begunCall}Connection: keep-alive\r\nContent-Length: 2\r\n\r\n{`)
    await once(socket, 'data')
    server.child.kill('SIGTERM')
    await vi.waitFor(() => expect(server.output.stdout).toContain('"msg":"stopping"'), { timeout: 20_000 })
    socket.write('}')
    expect(await server.closed).toMatchObject({ code: 0, stderr: '' })
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 400 /)
  })

  test('a second server on the same data folder is refused with one line, and the first goes on', async () => {
    const dataDir = await preparedDataDir()
    const { url, child } = await serve({ DATA_DIR: dataDir })
    const second = await run(['serve'], { DATA_DIR: dataDir })
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(new RegExp(`^The data folder .* is in use by .*process ${child.pid}.*\\n$`))
    expect((await new Api(url).get('/readyz')).status).toBe(200)
  })

  test.each(['1', '2'])(
    'with %s workers a port in use is one line, and Postgres does not stay behind',
    async (workers) => {
      const dataDir = await preparedDataDir()
      const blocker = createServer().listen(0, '127.0.0.1')
      await once(blocker, 'listening')
      const address = blocker.address()
      const port = typeof address === 'object' && address ? address.port : 0
      const result = await run(['serve', '--workers', workers], { DATA_DIR: dataDir, PORT: String(port) })
      blocker.close()
      expect(result.code).toBe(1)
      expect(result.stderr).toMatch(new RegExp(`^The port ${port} of 127\\.0\\.0\\.1 is in use.*\\n$`))
      expect(await readPidFile(clusterOf(dataDir))).toBeUndefined()
    },
  )

  test.each([
    [{ PORT: 'http' }, /^PORT is "http": expected a whole number from 0 to 65535\n$/],
    [{ REDIS_URL: 'redis://:hunter2@' }, /^REDIS_URL is wrong \(.* not shown\): expected a redis:\/\/ .*\n$/],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, /^The database cannot be used: .*ECONNREFUSED.*\n$/],
  ])('%o stops the start with one line', async (env, line) => {
    const result = await run(['serve'], { DATA_DIR: newDataDir(), ...env })
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(line)
  })
})

describe('after kill -9', () => {
  test('of the server, the next start takes the orphaned Postgres over, with all that was committed', async () => {
    const dataDir = await preparedDataDir()
    const first = await serve({ DATA_DIR: dataDir })
    await query(dataDir, 'CREATE TABLE kept AS SELECT 42 AS n')
    const pid = await postmasterOf(dataDir)
    await kill(first)
    expect(await isPostmaster(pid, clusterOf(dataDir))).toBe(true)

    const { url } = await serve({ DATA_DIR: dataDir })
    expect(await postmasterOf(dataDir)).toBe(pid)
    expect(await query(dataDir, 'SELECT n FROM kept')).toEqual([42])
    expect((await new Api(url).get('/readyz')).status).toBe(200)
  })

  test('of the server and of Postgres, the next start recovers', async () => {
    const dataDir = await preparedDataDir()
    const first = await serve({ DATA_DIR: dataDir })
    await query(dataDir, 'CREATE TABLE kept AS SELECT 42 AS n')
    await kill(first, await postmasterOf(dataDir))
    await serve({ DATA_DIR: dataDir })
    expect(await query(dataDir, 'SELECT n FROM kept')).toEqual([42])
  })

  test('of both, and the process id given to another process meanwhile, the next start is not misled', async () => {
    const dataDir = await preparedDataDir()
    const first = await serve({ DATA_DIR: dataDir })
    await kill(first, await postmasterOf(dataDir))
    const user = await choosePostgresUser(clusterOf(dataDir))
    const bystander = spawn('sleep', ['600'], user ? { uid: user.uid, gid: user.gid } : {})
    for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) {
      const left = await readFile(path.join(clusterOf(dataDir), name), 'utf8')
      await writeFile(path.join(clusterOf(dataDir), name), left.replace(/^\d+/, String(bystander.pid)))
    }
    const { url } = await serve({ DATA_DIR: dataDir })
    bystander.kill()
    expect((await new Api(url).get('/readyz')).status).toBe(200)
  })

  test('of a server that was making its database, the next start makes it anew', async () => {
    const dataDir = newDataDir()
    const first = launch(['serve'], { DATA_DIR: dataDir })
    await vi.waitFor(
      async () => {
        const partial = (await readdir(dataDir)).find((name) => /partial-[0-9a-f]+$/.test(name))
        expect(await readdir(path.join(dataDir, partial ?? '-'))).toContain('PG_VERSION')
      },
      { timeout: 20_000, interval: 5 },
    )
    await kill(first)
    expect(await readdir(dataDir)).not.toContain('postgres')

    const { url } = await serve({ DATA_DIR: dataDir })
    expect((await new Api(url).get('/readyz')).status).toBe(200)
  })
})
