import { parseArgs } from 'node:util'

/** What a run was asked for. The same options and seed give the same schedule of faults and the same choices of clients. */
export type Options = Readonly<{
  seed: string
  /** How long clients talk; starting, settling and checking come on top. */
  seconds: number
  /** Faults injected in that time. */
  faults: number
  clients: number
  /** What a client waits between two actions on average, in milliseconds. */
  pauseMs: number
  rooms: number
  nodes: number
  /** The servers lose one event in a thousand, and keep memory for ever: the run must then report violations. */
  isBroken: boolean
  /** Keeps the logs of the servers. */
  isKept: boolean
}>

/** What a full run does: the figures in the documentation are those of it. */
export const DEFAULTS = { seconds: 900, faults: 500, clients: 30, pauseMs: 525, rooms: 12, nodes: 3 } as const

/** @throws Error that says what is wrong */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      seconds: { type: 'string', default: String(DEFAULTS.seconds) },
      faults: { type: 'string' },
      clients: { type: 'string', default: String(DEFAULTS.clients) },
      pause: { type: 'string', default: String(DEFAULTS.pauseMs) },
      rooms: { type: 'string', default: String(DEFAULTS.rooms) },
      nodes: { type: 'string', default: String(DEFAULTS.nodes) },
      broken: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const seconds = whole('--seconds', values.seconds, 1)
  const usual = Math.ceil((seconds * DEFAULTS.faults) / DEFAULTS.seconds)
  return {
    seed: values.seed,
    seconds,
    faults: values.faults === undefined ? usual : whole('--faults', values.faults, 0),
    clients: whole('--clients', values.clients, 4),
    pauseMs: whole('--pause', values.pause, 1),
    rooms: whole('--rooms', values.rooms, 1),
    nodes: whole('--nodes', values.nodes, 1),
    isBroken: values.broken,
    isKept: values.keep,
  }
}

/** What to give `parseOptions` for the same run again. */
export function toArguments(options: Options): string[] {
  const { seed, seconds, faults, clients, pauseMs, rooms, nodes, isBroken, isKept } = options
  const named = { seed, seconds, faults, clients, pause: pauseMs, rooms, nodes }
  return [
    ...Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...(isBroken ? ['--broken'] : []),
    ...(isKept ? ['--keep'] : []),
  ]
}

function whole(name: string, text: string, least: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least) return number
  throw new Error(`${name} ${text}: expected a whole number, at least ${least}`)
}

/** What `--help` says. */
export const usage = [
  'npm run chaos -- [options]',
  '',
  '  --seed TEXT     repeats the schedule of a run; without, a new one, which is printed',
  `  --seconds N     how long clients talk (${DEFAULTS.seconds})`,
  `  --faults N      faults in that time (${DEFAULTS.faults} in ${DEFAULTS.seconds} s)`,
  `  --clients N     (${DEFAULTS.clients})`,
  `  --pause MS      what a client waits between two actions, on average (${DEFAULTS.pauseMs})`,
  `  --rooms N       (${DEFAULTS.rooms})`,
  `  --nodes N       (${DEFAULTS.nodes})`,
  '  --broken        servers lose one event in a thousand, and memory: the checks must find it',
  '  --keep          keeps the logs of the servers, and says where',
].join('\n')
