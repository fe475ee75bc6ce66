/** Where a Redis (or Valkey) is, as an operator writes it in one URL. */
export type RedisTarget = Readonly<{
  kind: 'single' | 'sentinel' | 'cluster'
  /** The server itself, the sentinels, or some servers of the cluster. */
  nodes: readonly Readonly<{ host: string; port: number }>[]
  isTls: boolean
  username: string | undefined
  password: string | undefined
  db: number
  /** What the sentinels call the master; only with them. */
  masterName: string | undefined
  /** The sentinels' own password, where they have one. */
  sentinelPassword: string | undefined
}>

const FORM = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#\s]*)@)?([^@/?#\s]+)(?:\/([^?#\s]*))?(?:\?([^#\s]*))?$/i
const PORTS = { single: 6379, cluster: 6379, sentinel: 26_379 } as const
const HIDDEN = '***'

/**
 * Reads one of
 *
 * - `redis://user:password@host:port/db`, with TLS `rediss://…`
 * - `redis+sentinel://user:password@host:port,host:port/master-name?db=0&sentinelPassword=…`
 * - `redis+cluster://user:password@host:port,host:port`
 *
 * User, password and ports may be left out. The URL standard knows no list of hosts, hence this reader.
 *
 * @returns undefined where the text is none of these
 */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  const [, scheme = '', form = 'single', userInfo = '', hosts = '', path = '', query = ''] = FORM.exec(text) ?? []
  const kind = kindOf(form)
  const nodes = hosts.split(',').map((host) => parseHost(host, PORTS[kind]))
  const options = new URLSearchParams(query)
  const db = Number((kind === 'single' ? path : options.get('db')) || 0)
  const [username, password] = parseUserInfo(userInfo)
  const isWrong =
    scheme === '' ||
    nodes.includes(undefined) ||
    username === undefined ||
    (kind === 'single' && nodes.length > 1) ||
    (kind === 'sentinel' && !path) ||
    (kind === 'cluster' && (path !== '' || db !== 0)) ||
    !(Number.isInteger(db) && db >= 0 && db < 65_536)
  if (isWrong) return undefined
  return Object.freeze({
    kind,
    nodes: nodes.filter((node) => node !== undefined),
    isTls: scheme.toLowerCase() === 'rediss',
    username: username || undefined,
    password: password || undefined,
    db,
    masterName: kind === 'sentinel' ? path : undefined,
    sentinelPassword: options.get('sentinelPassword') || undefined,
  })
}

/** The URL as one would write it, with the passwords in it hidden. */
export function hideRedisPasswords(text: string): string {
  return text
    .replace(/(\/\/[^@/?#\s:]*):[^@/?#\s]*@/, `$1:${HIDDEN}@`)
    .replace(/(sentinelPassword=)[^&]*/i, `$1${HIDDEN}`)
}

function kindOf(form: string): RedisTarget['kind'] {
  const lower = form.toLowerCase()
  return lower === 'sentinel' || lower === 'cluster' ? lower : 'single'
}

function parseHost(text: string, usualPort: number): { host: string; port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? usualPort : Number(digits)
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined
}

/** User and password, percent-decoded; no user at all where they cannot be decoded. */
function parseUserInfo(text: string): [string | undefined, string] {
  const colon = text.indexOf(':')
  try {
    return colon === -1
      ? [decodeURIComponent(text), '']
      : [decodeURIComponent(text.slice(0, colon)), decodeURIComponent(text.slice(colon + 1))]
  } catch {
    return [undefined, '']
  }
}
