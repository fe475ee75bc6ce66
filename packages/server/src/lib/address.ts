import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

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

/**
 * The IP address that a request comes from: of the connection, or as the proxy at its other end says. That puts it last;
 * what stands before it the caller may have made up.
 *
 * @param trustProxy whether `X-Forwarded-For` is believed
 */
export function ipOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>, trustProxy: boolean): string {
  const forwarded = trustProxy ? lastOf(headers['x-forwarded-for']) : undefined
  // Some proxies add the port, which would make every connection somebody else.
  const bare = forwarded?.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')
  return (bare !== undefined && isIP(bare) ? bare : socket.remoteAddress) ?? ''
}

/**
 * What is counted as one address. One household or server has a whole /64 of IPv6 addresses, and may call from another one
 * each time.
 */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const mapped = /^::ffff:([\d.]+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  const [start = '', end] = ip.split('::')
  const [first, last] = [groupsOf(start), groupsOf(end ?? '')]
  const skipped = Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0')
  const network = [...first, ...(end === undefined ? [] : skipped), ...last].slice(0, 4)
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':')
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header).split(',').at(-1)?.trim()
}
