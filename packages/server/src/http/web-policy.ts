/** What pages of the web app may do: a content security policy without any inline script or style, and its like. */
import type { Config } from '../config.ts'

/** Features of the browser that the web app never uses, so that nothing put into it could. */
const UNUSED = [
  'accelerometer',
  'bluetooth',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]

/**
 * The headers of the web app's files, over those that every answer has.
 *
 * @param host the host and port that the page was asked of; it is known to be no more than that
 */
export function webHeaders({ publicUrl }: Pick<Config, 'publicUrl'>, host: string): Record<string, string> {
  return {
    'content-security-policy': contentPolicy(publicUrl === undefined ? undefined : new URL(publicUrl).origin, host),
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': UNUSED.map((feature) => `${feature}=()`).join(', '),
    'referrer-policy': 'no-referrer',
  }
}

/**
 * Images may come from the public address too: their links are made from it, and the page may have been asked for by
 * another. Sockets of the same host are named, since not every browser counts them as the page's own.
 */
function contentPolicy(publicOrigin: string | undefined, host: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self' blob: data:", publicOrigin].filter(Boolean).join(' '),
    "font-src 'self'",
    ["connect-src 'self'", host && `ws://${host} wss://${host}`].filter(Boolean).join(' '),
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
