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
 */
export function serializeError(error: unknown): LoggedError {
  return describe(error, MAX_DEPTH)
}

/** For every logger: errors are logged as `err`. */
export const logSerializers = { err: serializeError } as const

function describe(error: unknown, depth: number): LoggedError {
  // What is thrown and is no error may be anything, a body too.
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' }
  const { code, constraint, table } = error as Error & Pick<LoggedError, 'code' | 'constraint' | 'table'>
  return {
    type: error.constructor.name,
    message: error.message,
    stack: error.stack,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...(depth > 0 && error.cause !== undefined ? { cause: describe(error.cause, depth - 1) } : {}),
    ...(depth > 0 && error instanceof AggregateError
      ? { errors: error.errors.map((one: unknown) => describe(one, depth - 1)) }
      : {}),
  }
}
