/** The people of the recorded conversations on a fresh server, under the ids that they had there. */
import type { Api, Reply, RequestOptions } from '@confab/testkit/api'
import { Person, startTestServer, type TestServer, userIdOf } from '@confab/testkit/server'
import { SignJWT } from 'jose'
import sharp from 'sharp'

/** The password of everyone in the recordings. */
export const RECORDED_PASSWORD = 'Passw0rd!x'

/** A server with alice (1), bob (2), carol (3), dave (4) and eve (5). */
export type Cast = { server: TestServer; anonymous: Api } & Record<'alice' | 'bob' | 'carol' | 'dave' | 'eve', Person>

/** Starts the server and registers the five, one after the other. */
export async function startCast(overrides: Record<string, string> = {}): Promise<Cast> {
  const server = await startTestServer(overrides)
  return {
    server,
    anonymous: server.anonymous,
    alice: await enter(server, 'alice'),
    bob: await enter(server, 'bob'),
    carol: await enter(server, 'carol'),
    dave: await enter(server, 'dave'),
    eve: await enter(server, 'eve'),
  }
}

/** Registers somebody under exactly this name. */
export async function enter(server: TestServer, username: string): Promise<Person> {
  const email = `${username}@example.com`
  const body = { username, email, password: RECORDED_PASSWORD, confirm_password: RECORDED_PASSWORD }
  const { access, refresh } = (await server.anonymous.post('/api/register/', body)).body.tokens
  return new Person(server, { id: userIdOf(access), username, email, access, refresh })
}

/** A token signed as the server signs, with claims of one's own; a claim of undefined is left out. */
export function forge({ server }: Cast, claims: Record<string, unknown>, secret?: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ token_type: 'access', exp: now + 60, iat: now, jti: 'forged', ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret ?? server.core.secretKey))
}

/** A token that was good a minute ago. */
export function forgeExpired(cast: Cast, type: 'access' | 'refresh'): Promise<string> {
  const claims = JSON.parse(Buffer.from(cast.alice.refresh.split('.')[1] ?? '', 'base64url').toString())
  return forge(cast, { ...claims, token_type: type, exp: Math.floor(Date.now() / 1000) - 60 })
}

/** A picture to upload. */
export const picture = {
  bytes: await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer(),
}

/** A file that says it is a picture and is none. */
export const noPicture = { bytes: new TextEncoder().encode('certainly not a picture'), name: 'x.png' }

/** A file with nothing in it. */
export const emptyFile = { bytes: new Uint8Array(), name: 'x.png' }

/** What goes with a request instead of a JSON body. */
export class Sent {
  readonly options: RequestOptions

  constructor(options: RequestOptions) {
    this.options = options
  }
}

/** A multipart form. */
export const form = (fields: NonNullable<RequestOptions['form']>) => new Sent({ form: fields })

/** Bytes of a content type. */
export const raw = (contentType: string, text: string) =>
  new Sent({ raw: text, headers: { 'content-type': contentType } })

/** Only headers. */
export const headers = (values: Record<string, string>) => new Sent({ headers: values })

/** Does a request as it is written in the recording: `POST /api/login/`. */
export function send(by: Api, request: string, sent?: unknown): Promise<Reply> {
  const [method = '', path = ''] = request.split(' ')
  return sent instanceof Sent ? by.request(method, path, undefined, sent.options) : by.request(method, path, sent)
}
