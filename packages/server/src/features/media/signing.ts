import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { rememberRecent } from '../../lib/recent.ts'

/** Signatures of message images' addresses. */
export interface ImageSigner {
  /** The query that opens the image, `exp=…&sig=…`: the same text for 12 hours, valid for 12 to 24 hours from now. */
  sign(key: string): string
  /** Whole seconds for which the query still opens the image, or undefined if it does not open it. */
  verify(key: string, query: { exp: string; sig: string }): number | undefined
}

/** How long one address of an image stays the same, in seconds. It dies at most twice as long after it was given. */
const WINDOW_S = 12 * 60 * 60

/** Pages of messages name the same few images over and over; about 200 bytes an entry. */
const CACHED_SIGNATURES = 20_000

/**
 * Makes and checks signatures: HMAC-SHA256 under a key derived from the server's secret by HKDF (RFC 5869) for this
 * purpose alone, so that no other signature of the server can be passed off as one of these.
 * @param now the clock, in milliseconds
 */
export function createImageSigner(secretKey: string | Uint8Array, now: () => number): ImageSigner {
  const signingKey = Buffer.from(hkdfSync('sha256', secretKey, '', 'confab message image address v1', 32))
  const cache = rememberRecent<string, { expiresAt: number; query: string }>(CACHED_SIGNATURES)
  const signature = (key: string, exp: string) =>
    createHmac('sha256', signingKey).update(`${exp}\n${key}`).digest('base64url')

  return {
    sign(key) {
      const expiresAt = expiryOf(key, Math.floor(now() / 1000))
      const cached = cache.get(key)
      if (cached?.expiresAt === expiresAt) return cached.query
      const query = `exp=${expiresAt}&sig=${signature(key, String(expiresAt))}`
      cache.set(key, { expiresAt, query })
      return query
    },
    verify(key, { exp, sig }) {
      // The texts are compared, not what they decode to: base64url has several spellings of the same bytes.
      if (!equal(sig, signature(key, exp))) return undefined
      const left = Number(exp) - Math.ceil(now() / 1000)
      return left > 0 ? left : undefined
    },
  }
}

/** Each key has its own phase, so that the addresses of a page of images do not all change at the same moment. */
function expiryOf(key: string, nowS: number): number {
  const phase = Number.parseInt(key.slice(0, 8), 16) % WINDOW_S
  return phase + (Math.floor((nowS - phase) / WINDOW_S) + 2) * WINDOW_S
}

function equal(given: string, expected: string): boolean {
  const left = Buffer.from(given)
  const right = Buffer.from(expected)
  return left.length === right.length && timingSafeEqual(left, right)
}
