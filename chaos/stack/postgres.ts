import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { type Binaries, binariesFor, findBinaries } from '@confab/server/db/embedded/binaries'
import { ensureCluster, readPassword } from '@confab/server/db/embedded/cluster'
import { endpointUrl } from '@confab/server/db/embedded/endpoint'
import { waitUntilGone } from '@confab/server/db/embedded/pid-file'
import { type Launch, requestShutdown, startPostmaster } from '@confab/server/db/embedded/postmaster'
import { choosePostgresUser } from '@confab/server/db/embedded/user'
import { freePort } from '@confab/testkit/free-port'
import pg from 'pg'
import { pino } from 'pino'
import { atTheEnd } from '../../bench/children.ts'
import { onLoopback } from './address.ts'

/** Where root keeps binaries that the user who runs Postgres can read. */
const STATE_DIR = '/var/lib/confab'

const STOP_MS = 30_000

/** A Postgres of the run's own, which can be stopped at will and started again. */
export class Postgres {
  readonly #launch: Launch
  #pid: number | undefined
  #starting: Promise<number> | undefined
  #isOver = false
  readonly port: number
  readonly password: string

  private constructor(launch: Launch, password: string) {
    this.#launch = launch
    this.port = launch.endpoint.port
    this.password = password
  }

  /** Makes a cluster with an empty database in the folder, which others can enter, and starts it. */
  static async start(folder: string): Promise<Postgres> {
    const user = await choosePostgresUser()
    const installed = await findBinaries()
    const binaries: Binaries = user ? await binariesFor(user, installed, STATE_DIR) : installed
    await mkdir(folder, { mode: 0o711 })
    const clusterDir = path.join(folder, 'postgres')
    await ensureCluster(binaries, clusterDir, user)
    const endpoint = { host: '127.0.0.1', port: await freePort() }
    const launch = { binaries, clusterDir, user, endpoint, logFile: path.join(folder, 'postgres.log') }
    const postgres = new Postgres({ ...launch, log: pino({ level: 'silent' }) }, await readPassword(clusterDir))
    await postgres.start()
    atTheEnd(() => postgres.#end())
    await postgres.query('CREATE DATABASE confab', [], 'postgres')
    return postgres
  }

  /** How to reach its database, perhaps through a proxy that listens at this address. */
  url(address = onLoopback(this.port), database = 'confab'): string {
    return endpointUrl(address, this.password, database)
  }

  /** Does nothing once the run is over: a fault may be under way then. */
  async start(): Promise<void> {
    if (this.#isOver) return
    this.#starting = startPostmaster(this.#launch)
    this.#pid = await this.#starting
  }

  async #end(): Promise<void> {
    this.#isOver = true
    await this.#starting?.catch(() => {})
    await this.stop('fast')
  }

  /** Stops it: `fast` as an operator does, `immediate` as a crash does, after which it must recover. */
  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    if (this.#pid === undefined) return
    const pid = this.#pid
    this.#pid = undefined
    requestShutdown(pid, mode)
    if (!(await waitUntilGone(pid, this.#launch.clusterDir, STOP_MS))) {
      requestShutdown(pid, 'immediate')
      await waitUntilGone(pid, this.#launch.clusterDir, STOP_MS)
    }
  }

  /** What a statement gives; every value is text or what `pg` makes of it. */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    database = 'confab',
  ): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(undefined, database) })
    // A connection that breaks says so in the query; without a listener it would end the process.
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query<Row>(text, [...values])).rows
    } finally {
      await client.end()
    }
  }
}
