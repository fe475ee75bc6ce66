import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { startTestServer } from '@confab/testkit/server'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderContract } from '../scripts/render-contract.ts'

const folder = path.resolve(import.meta.dirname, '..')
const dist = path.join(folder, 'dist')

/** What an app carries of the client at the most, without React bindings. */
const MAX_GZIP_BYTES = 20 * 1024

/** Runs a program to its end, and gives what it wrote. */
async function run(command: string, options: { args: string[]; cwd: string; env?: Record<string, string> }) {
  const child = spawn(command, options.args, { cwd: options.cwd, env: { ...process.env, ...options.env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  const [code] = await once(child, 'close')
  return { code, output }
}

async function succeed(command: string, options: Parameters<typeof run>[1]): Promise<string> {
  const { code, output } = await run(command, options)
  if (code !== 0) throw new Error(`${command} ${options.args.join(' ')}: ${code}\n${output}`)
  return output
}

beforeAll(async () => {
  await succeed(process.execPath, { args: [path.join(folder, 'scripts/build.ts')], cwd: folder })
}, 120_000)

test('the types and the table of calls are those of the contract', async () => {
  expect(await readFile(path.join(folder, 'src/contract.gen.ts'), 'utf8')).toBe(await renderContract())
})

test('an app that uses everything carries no more than it should, and one that only calls much less', async () => {
  const sizeOf = async (code: string) => {
    const build = await rolldown({
      input: 'app',
      platform: 'neutral',
      plugins: [
        {
          name: 'app',
          resolveId: (id) => (id === 'app' ? id : id === '@confab/client' ? path.join(dist, 'index.js') : null),
          load: (id) => (id === 'app' ? code : null),
        },
      ],
    })
    const { output } = await build.generate({ format: 'esm', minify: true })
    return gzipSync(output[0].code).length
  }
  const all = await sizeOf("export * from '@confab/client'")
  const calls = await sizeOf("export { HttpClient, createApi } from '@confab/client'")

  expect(all).toBeLessThan(MAX_GZIP_BYTES)
  expect(calls).toBeLessThan(all / 2)
})

describe('the package, installed in an empty project', () => {
  let project: string

  beforeAll(async () => {
    project = await mkdtemp(path.join(tmpdir(), 'confab-project-'))
    const packed = await succeed('npm', { args: ['pack', dist, '--silent'], cwd: project })
    await writeFile(path.join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    const tarball = `./${packed.trim().split('\n').at(-1)}`
    await succeed('npm', { args: ['install', '--offline', '--no-audit', '--no-fund', tarball], cwd: project })
  }, 120_000)

  afterAll(() => rm(project, { recursive: true, force: true }))

  test('holds the conversation of the quick start, as it is printed in the documentation', async () => {
    const server = await startTestServer()
    const guide = await readFile(path.resolve(folder, '../../docs/client.md'), 'utf8')
    const code = /```js\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
    await writeFile(path.join(project, 'talk.mjs'), code)

    const output = await succeed(process.execPath, {
      args: ['talk.mjs'],
      cwd: project,
      env: { CONFAB_URL: server.url },
    })

    expect(output.trim().split('\n')).toEqual([
      expect.stringMatching(/^alice_\w+: hello bob$/),
      expect.stringMatching(/^bob_\w+: hello alice$/),
    ])
  })

  test('has types that a strict program can be written against, and that notice what is wrong', async () => {
    await writeFile(
      path.join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2023',
          lib: ['es2023', 'dom', 'dom.iterable'],
          types: [],
          strict: true,
          noEmit: true,
          exactOptionalPropertyTypes: true,
        },
        include: ['*.ts'],
      }),
    )
    const good = `
      import { type ChatClient, ConfabError, createClient, type Message, pages, selectMessages } from '@confab/client'
      const chat: ChatClient = createClient({ url: 'http://127.0.0.1:1' })
      export async function go(): Promise<Message[]> {
        const sent = await chat.api.messages.sendMessage({ params: { room: 1 }, body: { content: 'x', image: new Blob() } })
        chat.on('message.deleted', ({ no }) => console.log(no.toFixed()))
        for await (const page of pages(chat.http, 'listRooms', {})) console.log(page[0]?.chat_name)
        const me: string | undefined = chat.state.me?.username
        await chat.api.accounts.getProfile().catch((error: ConfabError) => console.log(error.fields, me))
        return [sent, ...selectMessages(chat.state, 1)]
      }`
    await writeFile(path.join(project, 'good.ts'), good)
    const tsc = path.resolve(folder, '../../node_modules/.bin/tsc')
    expect(await run(tsc, { args: ['-p', '.'], cwd: project })).toEqual({ code: 0, output: '' })

    const wrong = [
      `chat.api.messages.sendMessage({ params: { room: 'one' }, body: {} })`,
      `chat.on('message.creatd', () => {})`,
      `chat.api.rooms.getRoom()`,
      `chat.state.rooms.order.push(1)`,
    ]
    const lines = ["import { createClient } from '@confab/client'", "const chat = createClient({ url: '' })", ...wrong]
    await writeFile(path.join(project, 'wrong.ts'), lines.join('\n'))
    const { output } = await run(tsc, { args: ['-p', '.', '--pretty', 'false'], cwd: project })
    expect([...output.matchAll(/^wrong\.ts\((\d+),/gm)].map(([, line]) => Number(line))).toEqual([3, 4, 5, 6])
  })
})
