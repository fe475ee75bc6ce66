import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import type { Person, Subject } from '../subject.ts'

/** What the rows of one run share. */
export type Context = Readonly<{
  /** How long each figure is measured. */
  seconds: number
  /** The server to measure; undefined where each row starts one of its own. */
  foreign: Subject | undefined
  /** How long the soak lasts. */
  minutes: number
  /** A row that this run has measured already. */
  measured(name: string): Result | undefined
  /** Says what is going on. */
  say(text: string): void
}>

/** Some rows that are measured together. They come one by one, so that what is measured is kept if a later one fails. */
export type RowGroup = Readonly<{
  name: string
  about: string
  /** Whether a server that is not ours can be measured by it. */
  worksAnywhere: boolean
  /** Measured only where `--only` names it. */
  isOptional?: boolean
  run(context: Context): AsyncGenerator<Result, void, void>
}>

/** Gives work a server: the one under test, or a new one that is stopped after it. */
export async function* withSubject(
  context: Context,
  environment: Record<string, string>,
  work: (subject: Subject, own: OwnServer | undefined) => AsyncGenerator<Result, void, void>,
): AsyncGenerator<Result, void, void> {
  if (context.foreign) {
    yield* work(context.foreign, undefined)
    return
  }
  const own = await startOwnServer(await newDataDir(), environment)
  try {
    yield* work(own, own)
  } finally {
    await own.stop()
  }
}

/** Nothing is measured before this much of the time of a measurement has passed. */
export const WARMUP_SHARE = 0.3

/** How long a row is measured, and how long it warms up before. */
export function timing(seconds: number): { seconds: number; warmupSeconds: number } {
  return { seconds, warmupSeconds: seconds * WARMUP_SHARE }
}

/** The address of somebody's gateway socket. Confab knows which rooms are theirs; a baseline has to be told. */
export function gatewayUrl(url: string, person: Person, rooms: readonly number[] = []): string {
  return `${url.replace(/^http/, 'ws')}/ws/?token=${person.token}&rooms=${rooms.join(',')}`
}

/** The same sockets at another server. */
export function atServer(urls: readonly string[], url: string): string[] {
  return urls.map((one) => one.replace(/^ws:\/\/[^/]+/, url.replace(/^http/, 'ws')))
}
