/**
 * A network of a server's own: a namespace of the kernel, with a cable to this machine on which packets can be lost one
 * way of three at a time. Where packets are lost nothing is refused, cut or answered, not even a connect. Needs root.
 */
import { type ChildProcess, execFile, spawnSync } from 'node:child_process'
import { readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { atTheEnd, startProgram } from '../../bench/children.ts'
import { until } from './waiting.ts'

/** What the cable is for: each has addresses of its own, so that the packets of one can be lost without those of others. */
const WAYS = ['front', 'redis', 'postgres'] as const

export type Way = (typeof WAYS)[number]

/** Cards of the two ends of the cable, and one that nobody has: what is sent to it is thrown away where it arrives. */
const HERE = '02:00:00:00:00:01'
const THERE = '02:00:00:00:00:02'
const NOWHERE = '02:00:00:00:00:03'

/** The cable's end in the namespace. */
const INSIDE = 'eth0'

const START_MS = 10_000

const run = promisify(execFile)

/** Addresses are taken from 198.18.0.0/15, which is for tests of networks and never leads anywhere else: 16 for each. */
const BLOCKS = 8_192

let count = 0

/** What another process needs to know of a network to use it. */
export type NetworkPlace = Readonly<{
  /** The process that holds the namespace open. */
  holder: number
  /** This machine's end of the cable. */
  cable: string
  /** Which of the blocks of addresses it has. */
  block: number
}>

/** Usable from any process that knows its place. */
export class Network {
  readonly place: NetworkPlace

  private constructor(place: NetworkPlace) {
    this.place = place
  }

  /** Makes one. @throws Error where this machine or its user may not */
  static async open(): Promise<Network> {
    count += 1
    // Holds the namespace open while the server in it is down. It ends with its input, even where this process is killed.
    const holder = startProgram('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] })
    const cable = `chaos${process.pid % 1_000_000}n${count}`
    const block = (process.pid * 16 + count) % BLOCKS
    const network = new Network({ holder: await untilInside(holder), cable, block })
    await network.#begin()
    return network
  }

  /** One that another process has made, with all packets arriving. */
  static async at(place: NetworkPlace): Promise<Network> {
    const network = new Network(place)
    await network.restore()
    return network
  }

  /** Where the server in it listens. */
  get host(): string {
    return this.#addresses('front').there
  }

  /** Where it reaches what it uses: this machine's end of the way. */
  hostOf(way: Way): string {
    return this.#addresses(way).here
  }

  /** The command that starts a program in it. The program has the id of the process that is started. */
  enter(program: string, args: readonly string[]): [command: string, args: string[]] {
    return ['nsenter', [`--net=/proc/${this.place.holder}/ns/net`, '--', program, ...args]]
  }

  /** From now on all packets are lost, in both directions; where a way is named, those of this way. */
  async lose(...ways: Way[]): Promise<void> {
    for (const way of ways.length > 0 ? ways : WAYS) await this.#point(way, NOWHERE, NOWHERE)
  }

  /** They arrive again. */
  async restore(...ways: Way[]): Promise<void> {
    for (const way of ways.length > 0 ? ways : WAYS) await this.#point(way, HERE, THERE)
  }

  async #begin(): Promise<void> {
    const { holder, cable } = this.place
    await run('ip', [
      ...['link', 'add', cable, 'address', HERE, 'type', 'veth'],
      ...['peer', 'name', INSIDE, 'address', THERE, 'netns', String(holder)],
    ])
    atTheEnd(async () => {
      // Gone with the namespace, as a rule.
      await run('ip', ['link', 'delete', cable]).catch(() => {})
    })
    for (const way of WAYS) {
      const { here, there } = this.#addresses(way)
      await run('ip', ['address', 'add', `${here}/30`, 'dev', cable])
      await this.#inside('address', 'add', `${there}/30`, 'dev', INSIDE)
    }
    // An address that comes by itself seconds later would be a change to whoever watches this machine's network.
    await run('ip', ['link', 'set', cable, 'addrgenmode', 'none'])
    await run('ip', ['link', 'set', cable, 'up'])
    await this.#inside('link', 'set', 'lo', 'up')
    await this.#inside('link', 'set', INSIDE, 'up')
    // What a process leaves open when it dies is forgotten within a second where nobody answers, as with its machine.
    await run(...this.enter('sh', ['-c', 'echo 1 > /proc/sys/net/ipv4/tcp_orphan_retries']))
    await this.restore()
  }

  /** Says at both ends whose card the packets are for. Neither end notices where that card is nobody's. */
  async #point(way: Way, toHere: string, toThere: string): Promise<void> {
    const { here, there } = this.#addresses(way)
    await Promise.all([
      run('ip', ['neighbour', 'replace', there, 'lladdr', toThere, 'nud', 'permanent', 'dev', this.place.cable]),
      this.#inside('neighbour', 'replace', here, 'lladdr', toHere, 'nud', 'permanent', 'dev', INSIDE),
    ])
  }

  #inside(...args: string[]): Promise<unknown> {
    return run(...this.enter('ip', args))
  }

  #addresses(way: Way): { here: string; there: string } {
    const first = this.place.block * 16 + WAYS.indexOf(way) * 4
    return { here: addressOf(first + 1), there: addressOf(first + 2) }
  }
}

/** The id of the process, once it is in a network of its own. @throws Error where it is not in time */
async function untilInside({ pid }: ChildProcess): Promise<number> {
  const own = await readlink('/proc/self/ns/net')
  const isInside = async () => {
    const its = await readlink(`/proc/${pid}/ns/net`).catch(() => own)
    return its !== own
  }
  if (pid === undefined || !(await until(isInside, START_MS))) throw new Error('unshare --net: not permitted')
  return pid
}

function addressOf(number: number): string {
  return `198.${18 + Math.floor(number / 65_536)}.${Math.floor(number / 256) % 256}.${number % 256}`
}

/** So many networks, or why there are none. */
export async function openNetworks(wanted: number): Promise<readonly Network[] | string> {
  const { status, stderr } = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' })
  if (status !== 0) return stderr?.trim() || 'unshare and ip are needed, and Linux'
  const networks: Network[] = []
  try {
    while (networks.length < wanted) networks.push(await Network.open())
    return networks
  } catch (error) {
    return error instanceof Error ? error.message.trim().replaceAll('\n', ' ') : String(error)
  }
}
