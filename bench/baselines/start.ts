import type { ChildProcess } from 'node:child_process'
import { end, listen, startScript } from '../children.ts'

/** A baseline that runs. */
type Baseline = Readonly<{ url: string; pid: number; child: ChildProcess; stop(): Promise<void> }>

/** Starts one of the programs of this folder, and waits until it listens. */
export async function startBaseline(
  name: 'send' | 'broadcast' | 'gateway' | 'deflate',
  args: readonly string[] = [],
): Promise<Baseline> {
  const child = startScript(`./baselines/${name}.ts`, args)
  const url = await listen(child, (message) => {
    const told = Object(message).url
    return typeof told === 'string' ? told : undefined
  })
  return { url, pid: child.pid ?? 0, child, stop: () => end(child) }
}
