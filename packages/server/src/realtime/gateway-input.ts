import { parseTopic, type Topic } from '@confab/contract/define-event'
import { MAX_REPLAY } from '@confab/contract/gateway/frames'
import type { Stretch } from './log.ts'

/** A frame of a client: what it is, what it asks to be answered with, and the rest. */
export type ClientFrame = Readonly<{ type: string; ref: string | undefined; data: Record<string, unknown> }>

/** Where a client wants to go on. */
export type Resume = Readonly<{ epoch: string; positions: ReadonlyMap<Topic, number> }>

/** A ref is the client's to choose, and sent back; longer ones are cut. */
const MAX_REF = 100

/** Reads a frame; undefined where it is no JSON object with a type. */
export function readFrame(text: string): ClientFrame | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { type, ref, ...data } = { type: undefined, ref: undefined, ...value } as Record<string, unknown>
  if (typeof type !== 'string') return undefined
  const isRef = typeof ref === 'string' || typeof ref === 'number'
  return { type, ref: isRef ? String(ref).slice(0, MAX_REF) : undefined, data }
}

/** Reads a `hello`; undefined where it is not as it should be. */
export function parseHello(
  data: Record<string, unknown>,
): { token: string | undefined; resume: Resume | undefined } | undefined {
  const { token, resume } = data
  if (token !== undefined && typeof token !== 'string') return undefined
  if (resume === undefined || resume === null) return { token, resume: undefined }
  const { epoch, positions } = Object(resume)
  if (typeof epoch !== 'string' || typeof positions !== 'object' || positions === null) return undefined
  const parsed = new Map<Topic, number>()
  for (const [topic, seq] of Object.entries(positions)) {
    if (!isTopic(topic) || !Number.isSafeInteger(seq) || Number(seq) < 0) return undefined
    parsed.set(topic, Number(seq))
  }
  return { token, resume: { epoch, positions: parsed } }
}

function isTopic(text: string): text is Topic {
  return /^(room|user):[1-9]\d{0,15}$/.test(text)
}

/** Events replayed to one socket in all; topics for which there is no room any more are fetched afresh. */
const MAX_REPLAY_IN_ALL = 5_000

/**
 * Decides what a resuming client is told again: stretches to replay, and topics of which it must fetch the state: those
 * it does not know, those it claims to know better than the log, and those it is too far behind in. Where it has missed too
 * much in all, the topics with the least come first, so that most are whole.
 *
 * @param now how far each topic has come, of all that the person follows
 * @param known how far the client has come
 */
export function planReplay(
  now: ReadonlyMap<Topic, number>,
  known: ReadonlyMap<Topic, number>,
): { stretches: Stretch[]; resyncs: Topic[] } {
  const behind = [...now].filter(([topic, upTo]) => known.get(topic) !== upTo)
  const within: Stretch[] = []
  const resyncs: Topic[] = []
  for (const [topic, upTo] of behind) {
    const after = known.get(topic)
    if (after !== undefined && after < upTo && upTo - after <= MAX_REPLAY) within.push({ topic, after, upTo })
    else resyncs.push(topic)
  }
  const stretches: Stretch[] = []
  let left = MAX_REPLAY_IN_ALL
  for (const stretch of within.toSorted(byUrgency)) {
    const missed = stretch.upTo - stretch.after
    if (missed > left) resyncs.push(stretch.topic)
    else stretches.push(stretch)
    left -= Math.min(missed, left)
  }
  return { stretches, resyncs }
}

function byUrgency(one: Stretch, other: Stretch): number {
  const rank = ({ topic }: Stretch) => (parseTopic(topic).kind === 'user' ? 0 : 1)
  const missed = ({ after, upTo }: Stretch) => upTo - after
  const idOf = ({ topic }: Stretch) => parseTopic(topic).id
  return missed(one) - missed(other) || rank(one) - rank(other) || idOf(one) - idOf(other)
}
