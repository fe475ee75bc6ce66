import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WorkerRelay } from './worker-relay.ts'

const follows = (...subscribed: string[]) => ({ confab: 'follow', subscribed, unsubscribed: [] })

/** A real process with a channel to this one, as workers are to their primary. */
async function startWorker() {
  const child = spawn(process.execPath, ['-e', "process.on('message', (said) => process.send(said))"], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'spawn')
  return Object.assign(child, { isConnected: () => child.connected })
}

/** Kills a process, and has not heard yet that it has ended when it has, with all of its threads. */
function killUnheard({ pid }: ChildProcess): void {
  if (pid === undefined) throw new Error('there is no process')
  process.kill(pid, 'SIGKILL')
  const isGone = () =>
    /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) && readdirSync(`/proc/${pid}/task`).length === 1
  const until = performance.now() + 10_000
  while (!isGone()) if (performance.now() > until) throw new Error('it does not end')
}

test.runIf(existsSync('/proc/self/stat'))(
  'what is said to a worker that was killed just now does no harm',
  async () => {
    const relay = new WorkerRelay()
    const [one, other] = [await startWorker(), await startWorker()]
    for (const worker of [one, other]) relay.add(worker)
    const onError = vi.fn()
    one.on('error', onError)
    one.emit('message', follows('room'))
    expect(await once(one, 'message')).toEqual([{ confab: 'followed', channels: ['room'] }, undefined])
    const ended = once(one, 'exit')

    killUnheard(one)
    expect(one.connected).toBe(true)
    for (let time = 0; time < 3; time++) other.emit('message', { confab: 'publish', messages: [['room', 'hello']] })
    await ended
    other.emit('message', follows('other room'))
    await once(other, 'message')

    expect(onError).not.toHaveBeenCalled()
    expect(relay.size).toBe(1)
  },
)
