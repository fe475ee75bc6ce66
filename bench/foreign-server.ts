import { randomBytes } from 'node:crypto'
import type { Person, Subject } from './subject.ts'
import { inParallel } from './subject.ts'

const PASSWORD = 'correct-horse-battery-9'

/** Registrations under way at a time. */
const REGISTRATIONS = 4

/**
 * A server that runs already. People whose tokens are given are used over and over; without any they are registered,
 * which the server's limits have to allow.
 *
 * @param pid its process, where it runs on this machine
 */
export function foreignServer(options: { url: string; tokens: readonly string[]; pid: number | undefined }): Subject {
  const { tokens, pid } = options
  const url = options.url.replace(/\/+$/, '')
  const known: Person[] = tokens.map((token) => ({ id: userIdOf(token), token }))
  return {
    url,
    pid,
    async people(count) {
      if (tokens.length === 0) {
        const missing = Array.from({ length: Math.max(0, count - known.length) })
        await inParallel(missing, REGISTRATIONS, async () => {
          known.push(await register(url))
        })
      }
      return known.slice(0, count)
    },
  }
}

async function register(url: string): Promise<Person> {
  const username = `bench_${randomBytes(6).toString('hex')}`
  const account = { username, email: `${username}@example.com`, password: PASSWORD, confirm_password: PASSWORD }
  const response = await fetch(`${url}/api/register/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  if (!response.ok) throw new Error(`registering was answered ${response.status} ${await response.text()}`)
  const token: unknown = Object(Object(await response.json()).tokens).access
  if (typeof token !== 'string') throw new Error('registering gave no token')
  return { id: userIdOf(token), token }
}

/** The `user_id` claim of an access token, as clients read it. */
function userIdOf(token: string): number {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  return Number(Object(claims).user_id)
}
