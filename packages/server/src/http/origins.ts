const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether pages of an origin may call this server and open sockets to it.
 *
 * @param allowed the configured origins, or any; undefined is the development default: any port of this machine
 */
export function isAllowedOrigin(origin: string, allowed: '*' | readonly string[] | undefined): boolean {
  if (allowed) return allowed === '*' || allowed.includes(origin)
  return URL.canParse(origin) && LOCAL_HOSTS.has(new URL(origin).hostname)
}
