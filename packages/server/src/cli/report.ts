import { oneLine, reasonOf, StartError } from '../lib/start-error.ts'

/**
 * Makes a command's work the command line's: what the operator can mend is one line on stderr and exit code 1; anything
 * else is a fault of ours and keeps its stack.
 */
export function reporting<Args extends unknown[]>(
  work: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await work(...args)
    } catch (error) {
      process.stderr.write(`${describeFailure(error)}\n`)
      process.exitCode = 1
    }
  }
}

/** The line for an operator, or the stack where only a developer can help. */
export function describeFailure(error: unknown): string {
  if (error instanceof StartError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : oneLine(reasonOf(error))
}
