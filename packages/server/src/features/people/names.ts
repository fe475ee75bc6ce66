import { type RawBuilder, sql } from 'kysely'
import { ChatError } from '../../chat-error.ts'
import type { PageRequest } from '../../http/paging.ts'

/** More words than names have; further ones do not count. */
const MAX_WORDS = 10

/** The words of a `?search=`; commas part them too, as in the original. */
export function wordsOf(search = ''): string[] {
  return search
    .split(/[\s,]+/)
    .filter(Boolean)
    .slice(0, MAX_WORDS)
}

/** That every word occurs in the names of the user `u`, in any case. */
export function namesContain(words: readonly string[]): RawBuilder<boolean> {
  if (words.length === 0) return sql`true`
  return sql`(${sql.join(words.map(contains), sql` AND `)})`
}

/**
 * The same, but that a word of one or two letters has to stand where a name begins, so that `users_by_part_of_name`, which
 * is made of three letters or the beginnings of words, serves all of it.
 */
export function namesBegin(words: readonly string[]): RawBuilder<boolean> {
  const conditions = words.map((word) =>
    /[\p{L}\p{N}]{3}/u.test(word)
      ? contains(word)
      : sql`(${isLike(`${escapeLike(word)}%`)} OR ${isLike(`% ${escapeLike(word)}%`)})`,
  )
  return sql`(${sql.join(conditions, sql` AND `)})`
}

const contains = (word: string) => isLike(`%${escapeLike(word)}%`)

const escapeLike = (word: string) => word.replace(/[\\%_]/g, '\\$&')

function isLike(pattern: string): RawBuilder<boolean> {
  return sql`lower(u.username || ' ' || u.first_name || ' ' || u.last_name) LIKE lower(${pattern})`
}

/** What lists of people are ordered by: a name, and for equal names the id. */
export type NameKey = Readonly<{ name: string; id: number }>

/**
 * After whom a page of a list that is ordered by name starts.
 *
 * @throws ChatError invalid_cursor
 */
export function readNameKey({ position }: PageRequest): NameKey | undefined {
  if (!position) return undefined
  const [name, id] = position.key
  if (typeof name !== 'string' || typeof id !== 'number' || position.key.length > 2) {
    throw new ChatError('invalid_cursor')
  }
  return { name, id }
}

/**
 * The same for lists that are ordered by numbers.
 *
 * @param parts how many numbers the key of a row has
 * @throws ChatError invalid_cursor
 */
export function readNumberKey({ position }: PageRequest, parts: number): number[] | undefined {
  if (!position) return undefined
  const numbers = position.key.filter((part) => typeof part === 'number')
  if (numbers.length !== parts || position.key.length !== parts) throw new ChatError('invalid_cursor')
  return numbers
}

/** The full name of the user `u`, or null until one is set. */
export const fullName = sql<string | null>`nullif(trim(u.first_name || ' ' || u.last_name), '')`
