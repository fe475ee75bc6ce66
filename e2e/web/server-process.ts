/** A server as a process of its own, with its embedded database: one that can be killed, and comes back where it was. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { signAccessToken } from '@confab/server/features/accounts/tokens'
import { Api } from '@confab/testkit/api'
import { freePort } from '@confab/testkit/free-port'
import { expectStatus, PASSWORD, userIdOf } from '@confab/testkit/server'
import { temporaryFolder } from '@confab/testkit/temporary-folder'
import { confab } from '../../packages/server/src/cli/testing.ts'

/** Somebody with an account on it. */
export class Account extends Api {
  readonly id: number
  readonly username: string
  readonly refresh: string

  constructor(url: string, who: { username: string; access: string; refresh: string }) {
    super(url, who.access)
    this.id = userIdOf(who.access)
    this.username = who.username
    this.refresh = who.refresh
  }
}

/** A server that is started, killed and started again at one address, with the data of its own folder. */
export class ServerProcess {
  readonly url: string
  readonly #folder: string
  readonly #environment: Record<string, string>
  #child: ChildProcess | undefined

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.url = `http://127.0.0.1:${port}`
    this.#environment = {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      DATA_DIR: path.join(folder, 'data'),
      SECRET_KEY: randomBytes(32).toString('hex'),
      RATE_LIMIT_FACTOR: '0',
      LOG_LEVEL: 'error',
    }
  }

  /** Makes one with an empty database, and waits until it answers. */
  static async start(): Promise<ServerProcess> {
    const folder = await temporaryFolder('confab-web-')
    const server = new ServerProcess(folder, await freePort())
    await server.restart()
    return server
  }

  /** Starts it where it does not run. @throws Error with what it printed where it ends before it is ready */
  async restart(): Promise<void> {
    const child = spawn(process.execPath, [confab, 'serve'], { cwd: this.#folder, env: this.#environment })
    this.#child = child
    const ready = Promise.withResolvers<void>()
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
        if (/address +\S+/.test(output)) ready.resolve()
      })
    }
    child.once('exit', () => ready.reject(new Error(`the server ended: ${output}`)))
    await ready.promise
  }

  /** Ends it as a power cut would. Its Postgres goes on, an orphan that the next start finds. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** Ends it for good, and takes its data away. */
  async remove(): Promise<void> {
    await this.#end('SIGTERM')
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Registers somebody; the name gets a random ending. */
  async person(name: string): Promise<Account> {
    const username = `${name}_${randomUUID().slice(0, 8)}`
    const reply = await new Api(this.url).post('/api/register/', {
      username,
      password: PASSWORD,
      confirm_password: PASSWORD,
    })
    return new Account(this.url, { username, ...expectStatus(reply, 201).body.tokens })
  }

  /** Opens the direct room of two people. */
  async directRoom(one: Account, other: Account): Promise<number> {
    const reply = await one.post('/api/chatrooms/', { participant_ids: [other.id] })
    return expectStatus(reply, 201).body.id
  }

  /** An access token of somebody's login that was valid until a minute ago. */
  expiredToken(who: Account): Promise<string> {
    const claims = JSON.parse(Buffer.from(who.token?.split('.')[1] ?? '', 'base64url').toString())
    const bearer = { userId: who.id, username: who.username, sessionId: Number(claims.session_id) }
    return signAccessToken(this.#environment.SECRET_KEY ?? '', bearer, -60)
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
}
