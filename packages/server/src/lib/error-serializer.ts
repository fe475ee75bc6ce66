import pg from 'pg'

/** Of an error, what may be in a log. */
export type LoggedError = Readonly<{
  type: string
  message: string
  stack?: string | undefined
  code?: unknown
  constraint?: unknown
  table?: unknown
  cause?: LoggedError
  errors?: LoggedError[]
}>

/** Causes of causes, and no further: a chain may lead back to itself. */
const MAX_DEPTH = 5

/**
 * An error as the log has it: what finds the fault, and nothing that people wrote. Properties are chosen, not left out,
 * since libraries add theirs: Postgres puts whole rows into `detail` and `where`, Redis the command with its arguments.
 * What Postgres quotes in a message is left out where it may be a value.
 */
export function serializeError(error: unknown): LoggedError {
  return describe(error, MAX_DEPTH)
}

function describe(error: unknown, depth: number): LoggedError {
  // What is thrown and is no error may be anything, a body too.
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' }
  const { code, constraint, table } = error as Error & Pick<LoggedError, 'code' | 'constraint' | 'table'>
  return {
    type: error.constructor.name,
    ...describeText(error),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...(depth > 0 && error.cause !== undefined ? { cause: describe(error.cause, depth - 1) } : {}),
    ...(depth > 0 && error instanceof AggregateError
      ? { errors: error.errors.map((one: unknown) => describe(one, depth - 1)) }
      : {}),
  }
}

/**
 * Classes of codes whose messages quote names of the schema and of the server, and no values: connections, constraints,
 * access, missing things, resources, states, stops.
 */
const namesOnly = /^(08|23|28|3D|3F|42|53|55|57)/

/** A syntax error may be in a text that is parsed in a query: a pattern, a search. */
const SYNTAX_ERROR = '42601'

/** From the first quotation mark, of whichever language, to the last: a value may hold some itself. */
const quoted = /["'`\p{Pi}\p{Pf}„‚「」『』].*["'`\p{Pi}\p{Pf}„‚「」『』]/su

function describeText(error: Error): Pick<LoggedError, 'message' | 'stack'> {
  const { message, stack } = error
  if (!(error instanceof pg.DatabaseError)) return { message, stack }
  const { code = '' } = error
  if (namesOnly.test(code) && code !== SYNTAX_ERROR) return { message, stack }
  const masked = message.replace(quoted, '"…"')
  if (masked === message) return { message, stack }
  // The stack begins with the message; one that does not is not known to be free of it.
  return { message: masked, stack: stack?.includes(message) ? stack.replaceAll(message, () => masked) : undefined }
}
