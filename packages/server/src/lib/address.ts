import type { IncomingMessage } from 'node:http'

/** How a caller addressed this server: the scheme, and the host with its port. */
export type Address = Readonly<{ protocol: 'http' | 'https'; host: string }>

/**
 * How a request was addressed, from its raw form, so that calls and sockets are told the same address. As in Fastify, what
 * the nearest proxy says comes last.
 *
 * @param trustProxy whether `X-Forwarded-Proto` and `X-Forwarded-Host` are believed: else anyone could say them
 */
export function addressOf({ headers }: Pick<IncomingMessage, 'headers'>, trustProxy: boolean): Address {
  const forwarded = (name: string) => (trustProxy ? lastOf(headers[name]) : undefined)
  return {
    // Some proxies name a socket's own scheme: ws, wss.
    protocol: /^(https|wss)$/i.test(forwarded('x-forwarded-proto') ?? '') ? 'https' : 'http',
    host: forwarded('x-forwarded-host') || headers.host || 'localhost',
  }
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header).split(',').at(-1)?.trim()
}
