import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { startServer } from '@confab/server/app'
import { type Config, loadConfig } from '@confab/server/config'
import { type Core, inTransaction } from '@confab/server/ctx'
import { claimNames, insertUser } from '@confab/server/features/accounts/queries'
import { openSession } from '@confab/server/features/accounts/service'
import { makeLogger } from '@confab/server/lib/logger'
import { Api, type Reply, type RequestOptions } from './api.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { closeWhenDone } from './left-open.ts'
import { TestSocket } from './socket.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Strong enough for everyone, and the same for all people of the tests. */
export const PASSWORD = 'correct-horse-battery-9'

/** What the server would store of it. */
const PASSWORD_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$B3GDamUBVtuvKV1kx3ZcfQ$c9hJ+6ILXDan/C7hJjKb7Gnn5ylkWN4zkCrEFl2rXPc'

/** Somebody with an account, and their way to call the API and open sockets. */
export class Person extends Api {
  readonly id: number
  readonly username: string
  readonly email: string
  readonly refresh: string
  readonly #sockets: TestSocket[]

  constructor(
    server: TestServer,
    who: { id: number; username: string; email: string; access: string; refresh: string },
  ) {
    super(server.url, who.access)
    this.id = who.id
    this.username = who.username
    this.email = who.email
    this.refresh = who.refresh
    this.#sockets = server.sockets
  }

  /** Opens one of the sockets, for example `/ws/sidebar/`. It is closed with the server. */
  async connect(socketPath: string): Promise<TestSocket> {
    const url = `${this.baseUrl.replace(/^http/, 'ws')}${socketPath}?token=${this.token}`
    const socket = await TestSocket.open(url)
    this.#sockets.push(socket)
    return socket
  }
}

const DEVICE = { userAgent: 'node', address: '127.0.0.1' }

/** A real server on a database of its own, in the process of the test. */
export type TestServer = {
  url: string
  core: Core
  database: TestDatabase
  endpoints: Awaited<ReturnType<typeof startServer>>['endpoints']
  sockets: TestSocket[]
  /** Calls the API as nobody. */
  anonymous: Api
  /** Makes an account and logs in; the name gets a random ending, so that tests of a file do not meet. */
  person(name?: string): Promise<Person>
  /** The same for several people, whose ids rise in this order. */
  people<const Names extends readonly string[]>(...names: Names): Promise<{ [Index in keyof Names]: Person }>
  /** Makes two people friends, and answers the direct room that opens. */
  befriend(one: Person, other: Person): Promise<{ roomId: number }>
  /** Makes a group; its creator is its admin. */
  group(admin: Person, members: readonly Person[], name?: string): Promise<{ id: number }>
  /** Starts another server of the same installation: on the same database, with the same key and images. */
  node(overrides?: Record<string, string>): Promise<TestServer>
  /** The person as a client of another server of the installation. */
  as(person: Person): Person
  close(): Promise<void>
}

/** What the servers of one installation share. */
type Installation = { database: TestDatabase; dataDir: string; secretKey: string; overrides: Record<string, string> }

/**
 * Starts a server; it is closed after the test, or after the file's tests where it is not started in one. Limits of rates and of sockets are off unless the overrides turn them on.
 *
 * @param overrides environment variables, as an operator would set them
 */
export async function startTestServer(overrides: Record<string, string> = {}): Promise<TestServer> {
  const database = await createTestDatabase()
  const dataDir = await temporaryFolder('confab-server-')
  const installation = { database, dataDir, secretKey: randomBytes(32).toString('hex'), overrides }
  const nodes: TestServer[] = []
  const server = await startNode(installation, nodes)
  closeWhenDone(async () => {
    for (const node of nodes) await node.close()
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  return server
}

/** Starts a server of an installation, and adds it to the list of those that are to be closed with it. */
async function startNode(installation: Installation, nodes: TestServer[]): Promise<TestServer> {
  const { database, dataDir, secretKey, overrides } = installation
  const config = testConfig(dataDir, overrides)
  const log = makeLogger(process.env.TEST_LOG_LEVEL ?? 'error')
  const running = await startServer({ config, secretKey, database, log })
  const sockets: TestSocket[] = []
  let isClosed = false
  const server: TestServer = {
    url: running.url,
    core: running.core,
    database,
    endpoints: running.endpoints,
    sockets,
    anonymous: new Api(running.url),
    person: (name) => register(server, name),
    people: (...names) => registerAll(server, names) as never,
    befriend: (one, other) => befriend(one, other),
    group: (admin, members, name) => makeGroup(admin, members, name),
    node: (more = {}) => startNode({ ...installation, overrides: { ...overrides, ...more } }, nodes),
    as: (person) => new Person(server, { ...person, access: person.token ?? '' }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      for (const socket of sockets) socket.terminate()
      await running.close()
    },
  }
  nodes.push(server)
  return server
}

function testConfig(dataDir: string, overrides: Record<string, string>): Config {
  const withoutLimits = { RATE_LIMIT_FACTOR: '0', MAX_SOCKETS_PER_USER: '1000' }
  return loadConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ...withoutLimits, ...overrides })
}

/** What registering does, without judging and hashing the password, which takes a second for the first of each file. */
async function register(server: TestServer, name = 'person'): Promise<Person> {
  const username = `${name}_${randomBytes(5).toString('hex')}`
  const email = `${username}@example.com`
  const hash = PASSWORD_HASH
  const { id, tokens } = await inTransaction(server.core, async (tx) => {
    const id = await insertUser(tx, { username, email, password_hash: hash, is_staff: false })
    const taken = await claimNames(tx, id, [
      { name: username, kind: 'username' },
      { name: email, kind: 'email' },
    ])
    if (taken.length > 0) throw new Error(`${username} is taken`)
    return { id, tokens: await openSession(server.core, tx, { id, username, passwordHash: hash }, DEVICE) }
  })
  if (!tokens) throw new Error(`${username} cannot log in`)
  return new Person(server, { id, username, email, ...tokens })
}

async function registerAll(server: TestServer, names: readonly string[]): Promise<Person[]> {
  const people: Person[] = []
  for (const name of names) people.push(await register(server, name))
  return people
}

/** The `user_id` claim of an access token, as clients read it. */
export function userIdOf(access: string): number {
  const claims = JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString())
  return claims.user_id
}

/** The reply itself, if it has the status. */
export function expectStatus(reply: Reply, status: number): Reply {
  if (reply.status !== status) throw new Error(`expected ${status}, got ${reply.status} ${JSON.stringify(reply.body)}`)
  return reply
}

async function befriend(one: Person, other: Person): Promise<{ roomId: number }> {
  const request = expectStatus(await one.post('/api/friend-requests/', { to_user: other.id }), 201)
  expectStatus(await other.post(`/api/friend-requests/${request.body.id}/accept/`), 200)
  const rooms = expectStatus(await one.get(`/api/chatrooms/?search=${other.username}`), 200)
  return { roomId: rooms.body.results.find((room: { is_group: boolean }) => !room.is_group).id }
}

async function makeGroup(admin: Person, members: readonly Person[], name = 'A group'): Promise<{ id: number }> {
  const participants = members.map((member) => member.id)
  const reply = await admin.post('/api/chatrooms/', { room_name: name, participant_ids: participants })
  return { id: expectStatus(reply, 201).body.id }
}

export type { Reply, RequestOptions }
