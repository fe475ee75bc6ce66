import { isIP } from 'node:net'
import path from 'node:path'
import { hideRedisPasswords, parseRedisUrl } from './lib/redis-url.ts'

/** A kind of setting: what a value must look like, and how it is read. */
export type Kind<T> = {
  /** Completes "expected …" in an error. */
  readonly expects: string
  /** The value that the trimmed, non-empty text stands for, or undefined when it is not of this kind. */
  parse(text: string): T | undefined
  /** The value as one would write it in the environment, with the secrets in it hidden. */
  show(value: T): string
}

/** A limit on how often something may be done: `count` times within any `seconds`. */
export type Rate = { readonly count: number; readonly seconds: number }

const hidden = '***'

/** A whole number within bounds, both included. */
export function integer(least: number, most: number): Kind<number> {
  return {
    expects: `a whole number from ${least} to ${most}`,
    parse: (text) => within(/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN, least, most),
    show: String,
  }
}

/** A number, perhaps with decimals, within bounds, both included. */
export function decimal(least: number, most: number): Kind<number> {
  return {
    expects: `a number from ${least} to ${most}`,
    parse: (text) => within(/^\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN, least, most),
    show: String,
  }
}

/** Yes or no. */
export const flag: Kind<boolean> = {
  expects: 'true or false',
  parse: (text) => ({ true: true, '1': true, false: false, '0': false })[text.toLowerCase()],
  show: String,
}

/** One of a few words. */
export function word<const T extends string>(...words: readonly T[]): Kind<T> {
  return {
    expects: `one of ${words.join(', ')}`,
    parse: (text) => words.find((each) => each === text.toLowerCase()),
    show: (value) => value,
  }
}

/** An address to listen on. */
export const host: Kind<string> = {
  expects: 'an IP address or a host name, such as 127.0.0.1 or 0.0.0.0',
  parse: (text) =>
    isIP(text) || /^(?![\d.]+$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d-]+)*$/i.test(text) ? text : undefined,
  show: (value) => value,
}

/** A folder; a relative one counts from the working directory. */
export const folder: Kind<string> = {
  expects: 'the path of a folder',
  parse: (text) => (text.includes('\0') ? undefined : path.resolve(text)),
  show: (value) => value,
}

/** A folder, or `none` for doing without. */
export const folderOrNone: Kind<string> = {
  expects: 'the path of a folder, or none',
  parse: (text) => (text.toLowerCase() === 'none' ? 'none' : folder.parse(text)),
  show: (value) => value,
}

/** A secret long enough to sign with. */
export const secret: Kind<string> = {
  expects: 'at least 32 characters, such as the output of "openssl rand -base64 48"',
  parse: (text) => (text.length >= 32 ? text : undefined),
  show: () => hidden,
}

/** The URL of a service, which may carry a password. */
export function serviceUrl(expects: string, ...protocols: readonly string[]): Kind<string> {
  return {
    expects,
    parse(text) {
      const url = parseServiceUrl(text)
      // A bare # or space is a password that was not percent-encoded.
      return url && protocols.includes(url.protocol) && !/[\s#]/.test(text) ? text : undefined
    },
    show: hidePasswords,
  }
}

/** Where a Redis is: one server, sentinels, or a cluster. */
export const redisUrl: Kind<string> = {
  expects:
    'a redis:// or rediss:// URL, redis+sentinel://host:port,host:port/master-name, or redis+cluster://host:port,host:port',
  parse: (text) => (parseRedisUrl(text) ? text : undefined),
  show: hideRedisPasswords,
}

/** A name that can stand in logs and metrics. */
export const label: Kind<string> = {
  expects: '1 to 64 letters, digits, dots, hyphens or underscores',
  parse: (text) => (/^[\w.-]{1,64}$/.test(text) ? text : undefined),
  show: (value) => value,
}

/** A password for machines, given as a bearer token. */
export const accessToken: Kind<string> = {
  expects: '16 or more letters, digits or -._~+/=, such as the output of "openssl rand -hex 24"',
  parse: (text) => (/^[\w.~+/=-]{16,}$/.test(text) ? text : undefined),
  show: () => hidden,
}

/** The address that people and clients reach the server at, without a slash at the end. */
export const publicUrl: Kind<string> = {
  expects: 'an absolute http or https URL without query, such as https://chat.example.org',
  parse(text) {
    const url = parseUrl(text)
    if (!url || !/^https?:\/\//i.test(text) || url.username || url.password || /[?#\s]/.test(text)) return undefined
    return url.origin + url.pathname.replace(/\/+$/, '')
  },
  show: (value) => value,
}

/** Web origins, or all of them. */
export const origins: Kind<readonly string[] | '*'> = {
  expects: '* or a comma-separated list of origins, such as https://chat.example.org,http://localhost:5173',
  parse(text) {
    if (text === '*') return '*'
    const list = text.split(',').map((each) => parseOrigin(each.trim()))
    return list.every((each) => each !== undefined) ? Object.freeze(list) : undefined
  },
  show: (value) => (value === '*' ? value : value.join(',')),
}

/** `count/seconds`. */
export const rate: Kind<Rate> = {
  expects: 'count/seconds, such as 600/60, both from 1 to 1000000',
  parse(text) {
    const [, count, seconds] = /^(\d{1,7})\/(\d{1,7})$/.exec(text) ?? []
    const parsed = { count: within(Number(count), 1, 1_000_000), seconds: within(Number(seconds), 1, 1_000_000) }
    if (parsed.count === undefined || parsed.seconds === undefined) return undefined
    return Object.freeze({ count: parsed.count, seconds: parsed.seconds })
  },
  show: ({ count, seconds }) => `${count}/${seconds}`,
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined
}

function parseUrl(text: string): URL | undefined {
  return URL.parse(text) ?? undefined
}

function parseOrigin(text: string): string | undefined {
  const url = parseUrl(text)
  const isBare = url?.pathname === '/' && !url.search && !url.hash && !url.username
  return url && isBare && /^https?:\/\//i.test(text) ? url.origin : undefined
}

/** Also takes `postgres://user:password@/name?host=…`, whose empty host the URL standard does not allow. */
function parseServiceUrl(text: string): URL | undefined {
  return parseUrl(text) ?? parseUrl(text.replace('@/', '@localhost/'))
}

/** The URL with its password, and whatever in its query could be one, hidden. */
function hidePasswords(text: string): string {
  const url = parseServiceUrl(text)
  if (!url) return hidden
  if (url.password) url.password = hidden
  for (const name of [...url.searchParams.keys()]) {
    if (/pass|secret|key|token/i.test(name)) url.searchParams.set(name, hidden)
  }
  return url.href
}
