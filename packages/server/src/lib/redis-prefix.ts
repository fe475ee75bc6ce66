import { createHmac } from 'node:crypto'

/**
 * What the names of all keys and channels of an installation begin with. It follows from the signing key, which the
 * servers of an installation share and no other has, so that several installations may use one Redis.
 */
export function redisPrefix(secretKey: string): string {
  return `confab:${createHmac('sha256', secretKey).update('redis').digest('hex').slice(0, 12)}:`
}
