/**
 * The address at which this app answers a link that its server made: where the app is on an origin of its own, the server
 * does not know of it, and perhaps serves no app at all.
 */
export function linkHere(link: string, serverUrl: string): string {
  if (new URL(serverUrl).origin === location.origin) return link
  const { pathname, search, hash } = new URL(link)
  return location.origin + pathname + search + hash
}
