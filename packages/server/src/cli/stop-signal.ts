/** Why a server stops. */
export type StopReason = { readonly exitCode: number }

/**
 * Waits for what ends a server: SIGTERM or SIGINT (exit code 0), or an error that nobody caught (1). From the call on,
 * signals do not end the process by themselves. A second signal, while the stop is under way, calls `onSecond`.
 *
 * @param onCrash is told of an error that nobody caught, to log it
 */
export function waitForStop(options: { onSecond: () => void; onCrash: (error: unknown) => void }): Promise<StopReason> {
  const { promise, resolve } = Promise.withResolvers<StopReason>()
  let signals = 0
  const onSignal = () => {
    signals += 1
    if (signals === 1) resolve({ exitCode: 0 })
    else options.onSecond()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  process.on('uncaughtException', (error) => {
    options.onCrash(error)
    resolve({ exitCode: 1 })
  })
  return promise
}
