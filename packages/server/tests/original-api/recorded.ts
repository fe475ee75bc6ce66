/**
 * Compares answers with recorded ones. A recording is written down as it is; what differs from run to run in it stands for
 * anything of its kind: tokens (`<jwt>`), times, and addresses of the recorded host. Fields may have been added since.
 */
import type { Api, Reply } from '@confab/testkit/api'
import { expect, test } from 'vitest'
import { type Cast, send } from './cast.ts'

const RECORDED_HOST = 'http://127.0.0.1:58000'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|\+00:00)$/

/** The default picture of the original does not exist; where it is given, there is none here. */
const DEFAULT_PICTURE = /\/media\/media\/profile_pic\/default\.png$/

/** A part of a recorded body as something to compare with. */
function expected(value: unknown): unknown {
  if (typeof value === 'string') return expectedText(value)
  if (Array.isArray(value)) return value.map(expected)
  // What a test says itself (expect.any(Number)) stays as it is.
  if (typeof value !== 'object' || value === null || 'asymmetricMatch' in value) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, expected(part)]))
}

function expectedText(value: string): unknown {
  if (value === '<jwt>') return expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  if (value === '<uuid>') return expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  if (TIME.test(value)) return expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  if (DEFAULT_PICTURE.test(value)) return null
  if (/\/media\//.test(value)) return expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/media\/\w+\/\w+/)
  if (!value.startsWith(RECORDED_HOST)) return value
  const path = value.slice(RECORDED_HOST.length).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return expect.stringMatching(new RegExp(`^http://127\\.0\\.0\\.1:\\d+${path}$`))
}

/** Holds an answer against the recorded status and body; nothing is expected of a body that is not given. */
export function expectRecorded(reply: Reply, status: number, body?: unknown): void {
  const { status: got, body: answer } = reply
  expect({ status: got, body: answer }).toMatchObject({
    status,
    ...(body === undefined ? {} : { body: expected(body) }),
  })
}

/** The same for a frame of a socket. */
export function expectFrame(frame: unknown, recorded: object): void {
  expect(frame).toMatchObject(Object(expected(recorded)))
}

type Speaker = Exclude<keyof Cast, 'server'>

/** One request and its answer: what is special about it, who asks, what, with which body, and what comes back. */
export type Exchange = readonly [
  what: string,
  who: Speaker,
  request: string | (() => string),
  sent: unknown,
  status: number,
  body?: unknown,
]

/** Makes a test of each exchange, in the order of the recording. */
export function replay(cast: Cast, exchanges: readonly Exchange[]): void {
  for (const [what, who, request, sent, status, body] of exchanges) {
    test(what, async () => {
      const by: Api = cast[who]
      expectRecorded(await send(by, typeof request === 'string' ? request : request(), sent), status, body)
    })
  }
}
