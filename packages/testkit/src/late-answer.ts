import pg from 'pg'
import { onTestFinished } from 'vitest'

/** A statement whose answer is kept back. */
export type LateAnswer = Readonly<{
  /** Resolves once the database has answered: what is changed from then on, the answer does not know. */
  answered: Promise<void>
  /** Lets whoever asked have the answer. */
  release(): void
}>

/**
 * Keeps back the answer of the next statement of this process that has this text in it, at most until the test ends. One at
 * a time.
 *
 * @param value one of the values of the statement that is meant, where several may have the text
 */
export function holdAnswer(text: string, value?: unknown): LateAnswer {
  const answered = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const plain: unknown = Reflect.get(pg.Client.prototype, 'query')
  if (typeof plain !== 'function') throw new Error('pg.Client has no query')
  const restore = () => Reflect.set(pg.Client.prototype, 'query', plain)
  Reflect.set(pg.Client.prototype, 'query', function query(this: unknown, ...given: unknown[]): unknown {
    const answer: unknown = Reflect.apply(plain, this, given)
    if (!textOf(given[0]).includes(text) || !hasValue(given, value)) return answer
    restore()
    return Promise.resolve(answer).then(async (result) => {
      answered.resolve()
      await released.promise
      return result
    })
  })
  onTestFinished(() => {
    restore()
    released.resolve()
  })
  return { answered: answered.promise, release: released.resolve }
}

function textOf(statement: unknown): string {
  return typeof statement === 'string' ? statement : String(Reflect.get(Object(statement), 'text'))
}

function hasValue([statement, values]: unknown[], value: unknown): boolean {
  const all: unknown = values ?? Reflect.get(Object(statement), 'values')
  return value === undefined || (Array.isArray(all) && all.flat().includes(value))
}
