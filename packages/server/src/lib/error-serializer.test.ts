import pg from 'pg'
import { expect, test } from 'vitest'
import { serializeError } from './error-serializer.ts'
import { makeLogger } from './logger.ts'

const TEXT = 'meet me at the harbour'

function databaseError(): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('violates check constraint "short"', 60, 'error'), {
    code: '23514',
    constraint: 'short',
    table: 'messages',
    detail: `Failing row contains (7, ${TEXT}).`,
    where: `COPY messages, line 1: "${TEXT}"`,
    internalQuery: `SELECT '${TEXT}'`,
    query: `INSERT INTO messages VALUES ('${TEXT}')`,
    parameters: [TEXT],
  })
}

test('an error of the database is logged with what finds the fault, and without the row it was about', () => {
  const error = databaseError()
  expect(serializeError(error)).toEqual({
    type: 'DatabaseError',
    message: error.message,
    stack: error.stack,
    code: '23514',
    constraint: 'short',
    table: 'messages',
  })
})

/** An error of Postgres with this code and message, as the driver makes it. */
function failure(code: string, message: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code })
}

test.each([
  ['22P02', `invalid input syntax for type bigint: "${TEXT}"`, 'invalid input syntax for type bigint: "…"'],
  ['22003', `value "${TEXT}" is out of range for type bigint`, 'value "…" is out of range for type bigint'],
  ['22P02', `invalid input syntax for type bigint: "a "${TEXT}" b"`, 'invalid input syntax for type bigint: "…"'],
  ['22P02', `invalid input syntax for type json: "{\n${TEXT}"`, 'invalid input syntax for type json: "…"'],
  ['22P02', `ungültige Eingabesyntax für Typ bigint: »${TEXT}«`, 'ungültige Eingabesyntax für Typ bigint: "…"'],
  ['42601', `syntax error in tsquery: "${TEXT}"`, 'syntax error in tsquery: "…"'],
  ['P0001', `no room for '${TEXT}'`, 'no room for "…"'],
])('a value that the database quotes (%s: %s) is in neither the message nor the stack', (code, message, logged) => {
  const { message: said, stack } = serializeError(failure(code, message))

  expect(said).toBe(logged)
  expect(stack).toContain(logged)
  expect(stack).toContain('error-serializer.test.ts')
  expect(stack).not.toContain(TEXT)
})

test.each([
  ['23505', 'duplicate key value violates unique constraint "users_pkey"'],
  ['42P01', 'relation "messages" does not exist'],
  ['28P01', 'password authentication failed for user "confab"'],
  ['22003', 'integer out of range'],
])('a name that the database quotes (%s: %s) is logged', (code, message) => {
  const error = failure(code, message)

  expect(serializeError(error)).toMatchObject({ message, stack: error.stack })
})

test('where the stack does not say what the message says it is not logged', () => {
  const error = failure('22P02', `invalid input syntax for type bigint: "${TEXT}"`)
  error.stack = `error: ${TEXT}`

  expect(JSON.stringify(serializeError(error))).not.toContain(TEXT)
})

test('what caused an error is logged likewise, however deep', () => {
  const logged = serializeError(new TypeError('outer', { cause: new Error('inner', { cause: databaseError() }) }))
  expect(logged).toMatchObject({
    type: 'TypeError',
    cause: { message: 'inner', cause: { type: 'DatabaseError', code: '23514' } },
  })
  expect(JSON.stringify(logged)).not.toContain(TEXT)
})

test('of several errors in one each is logged', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
  expect(serializeError(new AggregateError([refused, databaseError()]))).toMatchObject({
    type: 'AggregateError',
    errors: [{ code: 'ECONNREFUSED' }, { code: '23514' }],
  })
})

test('an error that is its own cause comes to an end', () => {
  const error = new Error('round and round')
  error.cause = error
  expect(JSON.stringify(serializeError(error)).length).toBeLessThan(100_000)
})

test.each([[TEXT], [{ detail: TEXT }], [null]])('what is thrown and is no error (%o) is not told', (thrown) => {
  expect(JSON.stringify(serializeError(thrown))).not.toContain(TEXT)
})

test('a logger uses it for what is logged as `err`, and for an error alone', () => {
  const lines: string[] = []
  const log = makeLogger('info', { write: (line: string) => lines.push(line) })
  log.error({ err: databaseError() }, 'failed')
  log.error(databaseError())
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    expect(JSON.parse(line).err).toMatchObject({ code: '23514', table: 'messages' })
    expect(line).not.toContain(TEXT)
  }
})
