import { redirect } from '@tanstack/react-router'
import { client } from '../client.ts'

/**
 * For views of somebody: whoever is not logged in goes to the login, and from there back. Whoever logged in in another tab
 * is connected here, too.
 *
 * @throws redirect
 */
export async function requireLogin({ location }: { location: { href: string } }): Promise<void> {
  if (!(await client.http.tokens())) throw redirect({ to: '/login', search: nextSearch(location.href) })
  void client.start()
}

/** For views of nobody: whoever is logged in goes on to where they wanted to be. @throws redirect */
export async function requireNobody({ search }: { search: { next?: string | undefined } }): Promise<void> {
  if (await client.http.tokens()) throw redirect({ href: search.next ?? '/', replace: true })
}

/**
 * `next` of an address: a path of this app, and never another site. What is refused is named and undefined: what a route
 * leaves out of its answer the router takes as it stands in the address.
 */
export function readNext(search: Record<string, unknown>): { next?: string | undefined } {
  const { next } = search
  if (typeof next !== 'string') return { next: undefined }
  const url = URL.parse(next, location.origin)
  return url?.origin === location.origin ? { next: url.pathname + url.search + url.hash } : { next: undefined }
}

function nextSearch(href: string): { next?: string } {
  return href === '/' ? {} : { next: href }
}
