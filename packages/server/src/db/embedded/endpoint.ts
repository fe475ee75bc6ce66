import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, rmdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { errorCode, StartError } from '../../lib/start-error.ts'
import { roleName } from './cluster.ts'
import type { RunAs } from './user.ts'

/** Where Postgres listens: for this machine only, and where there are Unix sockets, for this user (and root) only. */
export type Endpoint = {
  /** A folder, for a Unix socket, or an address. */
  readonly host: string
  readonly port: number
}

/** Part of the socket's file name; no port is opened. */
const socketPort = 5432
const socketName = `.s.PGSQL.${socketPort}`

/** The kernel's bound on a Unix socket's path is 107 bytes on Linux and 103 on macOS and BSD. */
const longestSocketPath = 103

/**
 * A Unix socket in the cluster's own folder, which only its owner and root can enter. Where the path would be too
 * long for a socket, a private folder in /tmp named after the cluster. On Windows, a free port of the loopback.
 *
 * @throws StartError when the folder in /tmp was made by somebody else
 */
export async function chooseEndpoint(clusterDir: string, user: RunAs | undefined): Promise<Endpoint> {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: await findFreePort() }
  if (Buffer.byteLength(path.join(clusterDir, socketName)) <= longestSocketPath)
    return { host: clusterDir, port: socketPort }
  return { host: await makePrivateFolder(clusterDir, user), port: socketPort }
}

/** The file that guards the socket, with the id of the process that listens; absent for an address. */
export function socketLock(endpoint: Endpoint): string {
  return path.join(endpoint.host, `${socketName}.lock`)
}

/** Removes the folder in /tmp, if one was made, once Postgres has stopped. */
export async function releaseEndpoint(endpoint: Endpoint, clusterDir: string): Promise<void> {
  if (path.isAbsolute(endpoint.host) && endpoint.host !== clusterDir) await rmdir(endpoint.host).catch(() => {})
}

/** The settings that make Postgres listen there. */
export function endpointFlags(endpoint: Endpoint): Record<string, string> {
  if (!path.isAbsolute(endpoint.host)) return { listen_addresses: endpoint.host, port: String(endpoint.port) }
  return {
    listen_addresses: '',
    port: String(endpoint.port),
    // The setting is a list; the quotes keep a path with commas or spaces one entry.
    unix_socket_directories: `"${endpoint.host.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
  }
}

/** The URL of one of the cluster's databases, in the form that both `pg` and libpq's programs understand. */
export function endpointUrl(endpoint: Endpoint, password: string, database: string): string {
  const account = `${roleName}:${encodeURIComponent(password)}`
  if (!path.isAbsolute(endpoint.host)) return `postgresql://${account}@${endpoint.host}:${endpoint.port}/${database}`
  return `postgresql://${account}@localhost/${database}?host=${encodeURIComponent(endpoint.host)}&port=${endpoint.port}`
}

async function makePrivateFolder(clusterDir: string, user: RunAs | undefined): Promise<string> {
  const name = createHash('sha256').update(clusterDir).digest('hex').slice(0, 16)
  const folder = `/tmp/confab-${name}`
  const uid = user?.uid ?? process.getuid?.() ?? 0
  try {
    await mkdir(folder, { mode: 0o700 })
    await chmod(folder, 0o700)
    if (user) await chown(folder, user.uid, user.gid)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
  const status = await lstat(folder)
  if (!status.isDirectory() || status.uid !== uid || (status.mode & 0o077) !== 0) {
    throw new StartError(
      `${folder}, needed for the database's socket, belongs to somebody else: remove it, or choose a DATA_DIR with a shorter path`,
    )
  }
  return folder
}

function findFreePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
  })
  return promise
}
