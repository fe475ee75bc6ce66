const SCHEMES = ['http:', 'https:', 'mailto:']

/** What a link of a message may lead to: the address as the browser understands it, or undefined. */
export function safeHref(address: string): string | undefined {
  const url = URL.parse(address)
  return url && SCHEMES.includes(url.protocol) ? url.href : undefined
}

/** Whether the words of a link are the address of some other place than the one that it leads to. */
export function isDeceptive(words: string, href: string): boolean {
  const shown = words.trim()
  if (!/^(?:\w+:\/\/|www\.)|^[^\s/@]+\.[a-z]{2,}(?:[/?#:]|$)/i.test(shown)) return false
  const seen = URL.parse(/^\w+:/.test(shown) ? shown : `https://${shown}`)
  return seen === null || bareHost(seen) !== bareHost(new URL(href))
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^www\./, '')
}
