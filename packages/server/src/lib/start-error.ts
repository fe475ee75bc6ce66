/**
 * Something outside the program keeps it from starting: a wrong setting, a port in use, a folder it may not read.
 * The message is one line that says what is wrong and how to mend it; whoever catches it prints that line alone,
 * without a stack, and exits with code 1.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError'

  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options)
  }
}

/** The text on one line: runs of line ends and other unprintable characters become one space. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

/** The `code` of a system error (`ENOENT`, `EADDRINUSE`, …), or undefined when `error` carries none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** What went wrong, for use inside a one-line message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
