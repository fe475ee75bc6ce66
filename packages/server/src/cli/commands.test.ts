import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Api } from '@confab/testkit/api'
import { expect, test, vi } from 'vitest'
import { readPidFile } from '../db/embedded/pid-file.ts'
import { clusterOf, confab, query, useCli } from './testing.ts'

const { folder, launch, newDataDir, preparedDataDir, run, serve } = useCli()

test('migrate works beside a running server and alone, and leaves nothing running', async () => {
  const dataDir = newDataDir()
  const alone = await run(['migrate'], { DATA_DIR: dataDir })
  expect(alone).toMatchObject({ code: 0, stderr: '' })
  expect(alone.stdout).toMatch(/^(Applied \S+\.sql\n)+$/)
  expect(await readPidFile(clusterOf(dataDir))).toBeUndefined()

  const { url } = await serve({ DATA_DIR: dataDir })
  const beside = await run(['migrate'], { DATA_DIR: dataDir })
  expect(beside).toMatchObject({ code: 0, stdout: 'Nothing to do: the schema is up to date.\n' })
  expect((await new Api(url).get('/readyz')).status).toBe(200)
})

test('config prints what applies, environment over .env, secrets hidden', async () => {
  await writeFile(path.join(folder(), '.env'), `PORT=9000\nLOG_LEVEL=warn\nSECRET_KEY=${'s'.repeat(40)}\n`)
  const { code, stdout } = await run(['config'], { PORT: '9001' })
  await rm(path.join(folder(), '.env'))
  expect(code).toBe(0)
  expect(stdout).toMatch(/^PORT=9001$/m)
  expect(stdout).toMatch(/^LOG_LEVEL=warn$/m)
  expect(stdout).toMatch(/^SECRET_KEY=\*\*\*$/m)
})

test.each([['serve'], ['migrate'], ['create-admin'], ['demo'], ['config']])(
  '%s --help says what it does',
  async (command) => {
    const { code, stdout } = await run([command, '--help'], {})
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: confab ${command}`)
  },
)

test('an unknown command is refused', async () => {
  expect((await run(['sreve'], {})).code).toBe(1)
})

const password = 'correct horse battery'
const admin = (username: string) => ['create-admin', '--username', username, '--email', `${username}@example.org`]

/** `create-admin` with the password on standard input. */
async function createAdmin(dataDir: string, username: string, word: string) {
  const { child, closed } = launch([...admin(username), '--password-stdin'], { DATA_DIR: dataDir })
  child.stdin?.end(`${word}\n`)
  return closed
}

test('create-admin makes an account that may administer, alone and beside a running server', async () => {
  const dataDir = await preparedDataDir()
  expect(await createAdmin(dataDir, 'ada', password)).toMatchObject({ code: 0, stdout: 'The admin ada was created.\n' })
  expect(await readPidFile(clusterOf(dataDir))).toBeUndefined()

  const { url } = await serve({ DATA_DIR: dataDir })
  expect(await createAdmin(dataDir, 'bob', password)).toMatchObject({ code: 0 })
  expect(await query(dataDir, 'SELECT username, is_staff FROM users ORDER BY username')).toEqual([
    'ada',
    true,
    'bob',
    true,
  ])
  for (const identifier of ['ada', 'bob@example.org']) {
    expect((await new Api(url).post('/api/login/', { identifier, password })).status).toBe(200)
  }
})

test('create-admin says in one line what is wrong with the account', async () => {
  const dataDir = await preparedDataDir()
  await createAdmin(dataDir, 'ada', password)
  const again = await createAdmin(dataDir, 'ada', '12345678')
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toMatch(/^.*username: A user with that username already exists\..*password: .*\n$/)
})

test('create-admin without a terminal says how to do without', async () => {
  const { child, closed } = launch(['create-admin'], { DATA_DIR: newDataDir() })
  child.stdin?.end()
  expect(await closed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^There is no terminal .*--help\n$/) })
})

test('create-admin does not show the password that is typed', async () => {
  const dataDir = await preparedDataDir()
  // `script` gives the command a terminal and passes on what that shows.
  const command = [process.execPath, confab, 'create-admin'].map((word) => `'${word}'`).join(' ')
  const terminal = launch(['-qefc', command, '/dev/null'], { DATA_DIR: dataDir }, 'script')
  for (const [question, answer] of [
    ['Username: ', 'eve'],
    ['Email: ', 'eve@example.org'],
    ['Password: ', password],
    ['Password again: ', password],
  ]) {
    await vi.waitFor(() => expect(terminal.output.stdout).toContain(question), { timeout: 10_000, interval: 10 })
    terminal.child.stdin?.write(`${answer}\r`)
  }
  const { code, stdout } = await terminal.closed
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('The admin eve was created.') })
  expect(stdout).toContain('eve@example.org')
  expect(stdout).not.toContain(password)
})
