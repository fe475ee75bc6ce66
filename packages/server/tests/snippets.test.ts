import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startTestServer } from '@confab/testkit/server'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { root } from './source-tree.ts'

/** What the pages call the server; a server of a test has another port. */
const ADDRESS = '127.0.0.1:8000'

/** Several programs are started, npx too, each of which may take many seconds on a busy machine. */
const ANSWER_MS = 60_000
const CONVERSATION_MS = 240_000

/** The blocks of code of a page that have a text in them, in their order. */
async function blocksOf(page: string, having: string): Promise<string[]> {
  const text = await readFile(path.join(root, page), 'utf8')
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  return blocks.filter((block) => block.includes(having))
}

/** Blocks of a page as one would paste them one after the other, but for the address. */
function script(blocks: readonly string[], url: string): string {
  for (const block of blocks) expect(block).toMatch(/\$api|127\.0\.0\.1:8000/)
  return blocks.join('').replaceAll(ADDRESS, new URL(url).host)
}

let programs: string
beforeAll(async () => {
  programs = await mkdtemp(path.join(tmpdir(), 'confab-programs-'))
  await writeFile(path.join(programs, 'websocat'), `#!${process.execPath}\n(${websocat})()\n`, { mode: 0o755 })
})
afterAll(() => rm(programs, { recursive: true }))

const CTRL_C = '\u0003'

/**
 * What websocat does with an address alone, since it is seldom installed: a line that is typed is a text frame, and a text
 * frame that comes is a line. A line of Ctrl-C ends it, as the key would.
 */
function websocat(): void {
  const socket = new WebSocket(process.argv[2] ?? '')
  socket.onmessage = ({ data }) => process.stdout.write(`${data}\n`)
  socket.onerror = () => process.exit(1)
  socket.onopen = () => {
    process.stdin.setEncoding('utf8').on('data', (typed) => {
      for (const line of String(typed).trimEnd().split('\n')) {
        if (line === '\u0003') process.exit(0)
        socket.send(line)
      }
    })
  }
}

/** A shell that runs what was pasted. */
type Shell = {
  child: ChildProcess
  /** The lines that it has printed until now. */
  printed(): string[]
  type(line: string): void
  /** Resolves when it has printed a text. */
  shows(text: string): Promise<void>
}

function bash(text: string): Shell {
  const { PATH = '', HOME = programs } = process.env
  const child = spawn('bash', ['-c', text], { cwd: root, env: { PATH: `${programs}:${PATH}`, HOME } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return {
    child,
    printed: () => output.split('\n').slice(0, -1),
    type: (line) => void child.stdin.write(`${line}\n`),
    shows: (expected) => vi.waitFor(() => expect(output).toContain(expected), { timeout: ANSWER_MS }),
  }
}

test(
  'the conversations of the README, pasted one after the other, say what it says that they do',
  async () => {
    const { url } = await startTestServer({ RATE_LIMIT_FACTOR: '1' })
    const [said = ''] = await blocksOf('README.md', 'message.created hello alice')
    const blocks = [...(await blocksOf('README.md', 'curl -s')), ...(await blocksOf('README.md', 'new WebSocket('))]
    expect(blocks).toHaveLength(2)

    const { child, printed } = bash(script(blocks, url))
    expect(await once(child, 'close'), printed().join('\n')).toEqual([0, null])

    const [sent = '', listed = '', ready, ...told] = printed()
    expect(JSON.parse(sent)).toMatchObject({ content: 'hello bob', image: null })
    expect(JSON.parse(listed)).toMatchObject({ results: [{ content: 'hello bob', sender: { username: 'alice' } }] })
    // What is told of one's own message, and that it was taken, may come in either order.
    const [saidReady, ...saidThen] = said.trimEnd().split('\n')
    expect(ready).toBe(saidReady)
    expect(told.toSorted()).toEqual(saidThen.toSorted())
  },
  CONVERSATION_MS,
)

type Told = { type: string; epoch?: string }

/** A frame of the page, with `…` where it was shortened. */
type Step = { isSent: boolean; text: string; type: string }

/** The frames of a conversation on the page: `>` is what the client says, `<` the server; a frame may have several lines. */
function stepsOf(conversation: string): Step[] {
  return conversation
    .trimEnd()
    .split(/\n(?=[<>] )/)
    .map((frame) => ({
      isSent: frame.startsWith('>'),
      text: frame.slice(2),
      type: /"type":"([^"]+)"/.exec(frame)?.[1] ?? '',
    }))
}

/** Takes in turn the frames that a shell prints, of those types only: signals may come between them. */
function listener({ printed }: Shell, types: readonly string[]): (count: number) => Promise<Told[]> {
  let heard = 0
  return async (count) => {
    const frames = await vi.waitFor(
      () => {
        const all = printed().flatMap((line): Told[] => (line.startsWith('{') ? [JSON.parse(line)] : []))
        const ours = all.filter((frame) => types.includes(frame.type))
        expect(ours.length, printed().join('\n')).toBeGreaterThanOrEqual(heard + count)
        return ours.slice(heard, heard + count)
      },
      { timeout: ANSWER_MS },
    )
    heard += count
    return frames
  }
}

/** Says what the client says in a conversation, with the epoch that it was told, and gives what it heard. */
async function converse(
  steps: readonly Step[],
  { type, hear, epoch }: { type: Shell['type']; hear: ReturnType<typeof listener>; epoch?: string | undefined },
): Promise<Told[]> {
  const heard: Told[] = []
  for (const [index, { isSent, text }] of steps.entries()) {
    if (!isSent) continue
    type(text.replace(/"epoch":"\w+"/, `"epoch":"${epoch}"`))
    const rest = steps.slice(index + 1)
    const next = rest.findIndex((step) => step.isSent)
    heard.push(...(await hear(next === -1 ? rest.length : next)))
  }
  return heard
}

/** What a frame of the page has under a key and was not shortened. */
const partOf = (text: string, key: string) => new RegExp(`"${key}":("[^"…]*"|\\{[^{}…]*\\})`).exec(text)?.[1]

/** Holds what was heard in a conversation against the frames of the server in it. */
function expectAsWritten(steps: readonly Step[], heard: readonly Told[]): void {
  for (const { text, type } of steps.filter((step) => !step.isSent)) {
    const frame = JSON.stringify(heard.find((one) => one.type === type))
    for (const key of ['type', 'positions', 'content', 'topic', 'ref']) {
      const part = partOf(text, key)
      if (part !== undefined) expect(frame, type).toContain(`"${key}":${part}`)
    }
  }
}

test(
  'the conversation of the page about sockets goes as it is written there',
  async () => {
    const { url, core } = await startTestServer({ RATE_LIMIT_FACTOR: '1' })
    const page = 'docs/realtime.md'
    const [begun = [], resumed = []] = (await blocksOf(page, '"type":"hello"')).map(stepsOf)
    const shell = bash(script(await blocksOf(page, 'websocat "ws'), url))
    const { child, type, shows } = shell
    const hear = listener(
      shell,
      [...begun, ...resumed].map((step) => step.type),
    )

    // What is typed before websocat runs could be read by the one before it.
    await shows('The room is 1.')
    const before = await converse(begun, { type, hear })
    expectAsWritten(begun, before)
    type(CTRL_C)

    await shows('"content":"while you were away"')
    await core.services.notifications.settled(ANSWER_MS)
    const epoch = before.find((frame) => frame.type === 'ready')?.epoch
    const after = await converse(resumed, { type, hear, epoch })
    expectAsWritten(resumed, after)
    expect(after.map((frame) => frame.type)).toEqual(['notification.created', 'message.created', 'ready'])
    type(CTRL_C)
    expect(await once(child, 'close')).toEqual([0, null])
  },
  CONVERSATION_MS,
)
