/** Why a server stops. */
export type StopReason = { readonly exitCode: number }

/** Ctrl-C in a terminal reaches the process twice under npm: from the terminal, and handed on by npm. */
const sameSignalMs = 1_000

/**
 * Waits for what ends a server: SIGTERM or SIGINT (exit code 0), or an error that nobody caught (1). From the call on,
 * signals do not end the process by themselves. Another one, a second or more after the first, calls `onSecond`.
 *
 * @param onCrash is told of an error that nobody caught, to log it
 */
export function waitForStop(options: { onSecond: () => void; onCrash: (error: unknown) => void }): Promise<StopReason> {
  const { promise, resolve } = Promise.withResolvers<StopReason>()
  let firstAt: number | undefined
  const onSignal = () => {
    firstAt ??= performance.now()
    resolve({ exitCode: 0 })
    if (performance.now() - firstAt > sameSignalMs) options.onSecond()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  process.on('uncaughtException', (error) => {
    options.onCrash(error)
    resolve({ exitCode: 1 })
  })
  return promise
}
