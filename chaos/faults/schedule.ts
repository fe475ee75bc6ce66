import type { Random } from '../random.ts'

/** What can go wrong, and how often of all faults. */
export const FAULT_WEIGHTS = {
  'client cut': 20,
  'client half-open': 8,
  'client delayed': 8,
  'client stalled': 6,
  'client repeated': 8,
  'client doubled': 6,
  'client reads too slowly': 2,
  'node killed': 11,
  'node restarted': 7,
  'node frozen': 8,
  'node vanished': 6,
  'redis stopped': 5,
  'redis stopped and emptied': 6,
  'redis frozen': 4,
  'node cut off from redis': 6,
  'node cut off from postgres': 4,
  'packets to redis lost': 5,
  'packets to postgres lost': 3,
  'postgres stopped': 2,
  'postgres crashed': 3,
} as const

export type FaultKind = keyof typeof FAULT_WEIGHTS

/** One fault that is to be injected. */
export type Fault = Readonly<{
  number: number
  /** When, in milliseconds since clients began to talk. */
  atMs: number
  kind: FaultKind
  /** Which of the clients or nodes; taken modulo their number. */
  target: number
  /** How long it lasts; faults of a moment do not use it. */
  forMs: number
  /** Whether what was open is cut at the end instead of going on. */
  isCut: boolean
}>

/** The longest that each kind lasts, in milliseconds, where it is not the usual. */
const LONGEST_MS: Partial<Record<FaultKind, number>> = {
  'client half-open': 12_000,
  'client repeated': 12_000,
  'client doubled': 12_000,
  'packets to redis lost': 12_000,
  'packets to postgres lost': 8_000,
  'node frozen': 6_000,
  'redis frozen': 6_000,
  'postgres stopped': 4_000,
  'postgres crashed': 3_000,
}
const USUAL_LONGEST_MS = 5_000
const SHORTEST_MS = 300

/** What needs servers with networks of their own. */
const ON_NETWORKS: ReadonlySet<FaultKind> = new Set([
  'node vanished',
  'packets to redis lost',
  'packets to postgres lost',
])

/** How many faults in what time, and what there is to be broken. */
export type PlanOptions = Readonly<{ seconds: number; faults: number; hasRedis: boolean; hasNetworks: boolean }>

/** Every fault of a run, in order. Depends on nothing but the arguments. */
export function planFaults(random: Random, options: PlanOptions): Fault[] {
  const spacingMs = (options.seconds * 1_000) / Math.max(1, options.faults)
  return Array.from({ length: options.faults }, (_, index) => {
    const kind = chooseKind(random, options)
    return {
      number: index + 1,
      atMs: Math.round((index + random.unit()) * spacingMs),
      kind,
      target: random.between(0, 1_000_000),
      forMs: random.between(SHORTEST_MS, LONGEST_MS[kind] ?? USUAL_LONGEST_MS),
      isCut: random.chance(0.5),
    }
  })
}

function chooseKind(random: Random, { hasRedis, hasNetworks }: PlanOptions): FaultKind {
  for (;;) {
    const kind = random.weighted(FAULT_WEIGHTS)
    if ((hasRedis || !kind.includes('redis')) && (hasNetworks || !ON_NETWORKS.has(kind))) return kind
  }
}
