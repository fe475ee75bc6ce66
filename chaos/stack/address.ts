/** Where something listens. */
export type Address = Readonly<{ host: string; port: number }>

/** Where the processes of a run listen that have no network of their own. */
export const LOOPBACK = '127.0.0.1'

/** A port of the loopback. */
export function onLoopback(port: number): Address {
  return { host: LOOPBACK, port }
}

/** As it stands in a URL. */
export function toText({ host, port }: Address): string {
  return `${host}:${port}`
}
