import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import type { Subject } from '../subject.ts'

/** What the rows of one run share. */
export type Context = Readonly<{
  /** How long each figure is measured. */
  seconds: number
  /** The server to measure; undefined where each row starts one of its own. */
  foreign: Subject | undefined
  /** Says what is going on. */
  say(text: string): void
}>

/** Some rows that are measured together. They come one by one, so that what is measured is kept if a later one fails. */
export type RowGroup = Readonly<{
  name: string
  about: string
  /** Whether a server that is not ours can be measured by it. */
  worksAnywhere: boolean
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
