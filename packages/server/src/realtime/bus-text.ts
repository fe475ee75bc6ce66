/**
 * How servers tell each other things over Redis: a JSON list of items, short because it is written and read often.
 *
 * `[seq, type, data]` is an event of the channel's topic, `[seq]` the position it has reached by an event that is not
 * carried, `[type, data]` a signal or a notice. What cannot be understood, of a newer version perhaps, is passed over.
 */
import type { LoggedEvent, Notice } from './bus.ts'

/** Larger events are not carried: whoever needs them reads the log. */
const MAX_ITEM_CHARS = 256 * 1024

export type Item =
  | Readonly<{ kind: 'event'; seq: number; type: string; data: Record<string, unknown> }>
  | Readonly<{ kind: 'position'; seq: number }>
  | Readonly<{ kind: 'passing'; type: string; data: Record<string, unknown> }>

/** An event as an item, or where it is too large its position. */
export function writeEvent({ seq, type, data }: LoggedEvent): string {
  const text = JSON.stringify([seq, type, data])
  return text.length > MAX_ITEM_CHARS ? `[${seq}]` : text
}

/** A signal or a notice as an item; undefined where it is too large to be worth it. */
export function writePassing({ type, data }: Pick<Notice, 'type' | 'data'>): string | undefined {
  const text = JSON.stringify([type, data])
  return text.length > MAX_ITEM_CHARS ? undefined : text
}

/** Reads a list of items. */
export function readItems(text: string): Item[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    return []
  }
  return Array.isArray(list) ? list.flatMap((item: unknown) => readItem(item) ?? []) : []
}

function readItem(item: unknown): Item | undefined {
  if (!Array.isArray(item)) return undefined
  const [first, second, third]: unknown[] = item
  if (typeof first === 'string') {
    return isRecord(second) ? { kind: 'passing', type: first, data: second } : undefined
  }
  if (typeof first !== 'number' || !Number.isSafeInteger(first)) return undefined
  if (typeof second === 'string' && isRecord(third)) return { kind: 'event', seq: first, type: second, data: third }
  return { kind: 'position', seq: first }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
