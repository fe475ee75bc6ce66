import pg from 'pg'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { logSerializers, serializeError } from './error-serializer.ts'

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
  const log = pino({ serializers: logSerializers }, { write: (line: string) => lines.push(line) })
  log.error({ err: databaseError() }, 'failed')
  log.error(databaseError())
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    expect(JSON.parse(line).err).toMatchObject({ code: '23514', table: 'messages' })
    expect(line).not.toContain(TEXT)
  }
})
