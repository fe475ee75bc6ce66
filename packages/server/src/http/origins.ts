import type { Config } from '../config.ts'
import type { Address } from '../lib/address.ts'

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

type OriginConfig = Pick<Config, 'allowedOrigins' | 'publicUrl'>

/**
 * Whether pages of an origin may call this server and open sockets to it: those that it serves itself, and those that the
 * configuration allows; where it names none, those of any port of this machine.
 *
 * @param address how the call itself was addressed
 */
export function isAllowedOrigin(origin: string, address: Address, config: OriginConfig): boolean {
  const { allowedOrigins: allowed } = config
  if (allowed === '*' || allowed?.includes(origin)) return true
  const url = URL.parse(origin)
  if (!url) return false
  return isOwnOrigin(url, address, config) || (!allowed && LOCAL_HOSTS.has(url.hostname))
}

/**
 * Whether it is the origin of the app that this server serves. The scheme is not compared: behind a proxy that ends TLS
 * the server does not see it unless it is told.
 */
function isOwnOrigin({ protocol, host, origin }: URL, address: Address, { publicUrl }: OriginConfig): boolean {
  if (protocol !== 'http:' && protocol !== 'https:') return false
  if (publicUrl !== undefined && new URL(publicUrl).origin === origin) return true
  // Read with the origin's scheme, whose usual port browsers leave out and proxies may not.
  return URL.parse(`${protocol}//${address.host}`)?.host === host
}
