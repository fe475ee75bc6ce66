import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { hash, type Options, parseOptions, verify } from '@node-rs/argon2'
import fastq from 'fastq'
import { ChatError } from '../../chat-error.ts'

/** argon2id (the library's default) with the parameters that OWASP's Password Storage Cheat Sheet names first. */
const ARGON2: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashing runs in the process's thread pool of four, which images and files share; half of it is left to them. */
const CONCURRENCY = 2

/** More than these waiting means several seconds for the last one: better told at once. */
const MAX_WAITING = 256
const RETRY_AFTER_S = 5

/** Django uses up to some 1.2 million; the bound keeps a forged hash from holding a thread for minutes. */
const MAX_PBKDF2_ITERATIONS = 10_000_000

const queue = fastq.promise((work: () => Promise<unknown>) => work(), CONCURRENCY)

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (queue.length() >= MAX_WAITING) throw new ChatError('unavailable', {}, { retryAfter: RETRY_AFTER_S })
  let result: { value: T } | undefined
  await queue.push(async () => {
    result = { value: await work() }
  })
  if (!result) throw new Error('the queue of passwords lost one')
  return result.value
}

/** Makes what is stored of a password. @throws ChatError unavailable if too many are waiting */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, ARGON2))
}

/**
 * Whether the password is the one that the hash was made of: by `hashPassword`, or by Django as
 * `pbkdf2_sha256$iterations$salt$hash`. Any other text is the hash of no password.
 *
 * @throws ChatError unavailable if too many are waiting
 */
export function verifyPassword(stored: string, password: string): Promise<boolean> {
  if (stored.startsWith('pbkdf2_sha256$')) return inTurn(() => verifyDjango(stored, password))
  if (isArgon2(stored)) return inTurn(() => verify(stored, password))
  return verifyNothing(password)
}

/** Whether a stored hash is of another kind or strength than `hashPassword` makes today. */
export function isOutdated(stored: string): boolean {
  if (!stored.startsWith('$argon2id$')) return true
  const made = parseOptions(stored)
  return (
    made.memoryCost !== ARGON2.memoryCost ||
    made.timeCost !== ARGON2.timeCost ||
    made.parallelism !== ARGON2.parallelism
  )
}

function isArgon2(stored: string): boolean {
  try {
    parseOptions(stored)
    return true
  } catch {
    return false
  }
}

let nobodysHash: Promise<string> | undefined

/** Takes as long as a real check, so that the time of an answer does not tell whether an account exists. */
export async function verifyNothing(password: string): Promise<false> {
  nobodysHash ??= hashPassword(randomBytes(32).toString('hex'))
  const stored = await nobodysHash
  await inTurn(() => verify(stored, password))
  return false
}

const derive = promisify(pbkdf2)

async function verifyDjango(stored: string, password: string): Promise<boolean> {
  const [, iterations = '', salt = '', encoded = ''] = stored.split('$')
  const expected = Buffer.from(encoded, 'base64')
  const rounds = Number(iterations)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MAX_PBKDF2_ITERATIONS || expected.length !== 32) return false
  return timingSafeEqual(await derive(password, salt, rounds, expected.length, 'sha256'), expected)
}
