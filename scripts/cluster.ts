/**
 * Several servers on this machine, behind a small balancer, with one Postgres and one Redis: to try the cluster out.
 *
 *     npm run cluster -- --nodes 3 --port 8000 --data-dir ./data
 *
 * Postgres is that of DATABASE_URL or else the embedded one of the data folder, Redis that of REDIS_URL or else a
 * redis-server of its own. A server that ends is started again; Ctrl-C ends all.
 */

import path from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '@confab/server/db/embedded'
import { loadSecretKey } from '@confab/server/secret-key'
import { pino } from 'pino'
import { Balancer } from './cluster/balancer.ts'
import { ClusterNode } from './cluster/node.ts'
import { openRedis } from './cluster/redis.ts'

/** Connections that the embedded Postgres has for servers. */
const MOST_CONNECTIONS = 90

const values = readOptions()
const count = whole('--nodes', values.nodes, 1, 20)
const port = whole('--port', values.port, 0, 65_535)
const dataDir = path.resolve(values['data-dir'])

const undo: (() => Promise<void>)[] = []
let isStopping = false
const stopping = Promise.withResolvers<void>()
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    isStopping = true
    stopping.resolve()
  })
}

try {
  const { address, nodes } = await startCluster()
  process.stdout.write(
    [
      `A cluster of ${nodes.length} is ready.`,
      `  address    ${address}`,
      ...nodes.map(
        (node) => `  ${node.name.padEnd(10)} http://${node.address?.host}:${node.address?.port}, process ${node.pid}`,
      ),
      `  data       ${dataDir}`,
      '  restart    kill one of the processes: its clients move to the others, and it is started again',
      '  stop       Ctrl-C',
      '',
    ].join('\n'),
  )
  await stopping.promise
} catch (error) {
  // What was asked to stop while it started has ended early for that reason.
  if (!isStopping) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
for (const step of undo.reverse()) await step()
process.exit()

async function startCluster(): Promise<{ address: string; nodes: ClusterNode[] }> {
  // What is quickly found to be missing comes first.
  const redis = await openRedis(process.env.REDIS_URL)
  undo.push(redis.stop)
  const nodes: ClusterNode[] = []
  const address = await openBalancer(nodes)
  const databaseUrl = process.env.DATABASE_URL ?? (await ownPostgres())
  await loadSecretKey({ secretKey: process.env.SECRET_KEY, dataDir })
  const env = {
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: String(Math.min(10, Math.floor(MOST_CONNECTIONS / count))),
    REDIS_URL: redis.url,
    PUBLIC_URL: address,
  }
  if (isStopping) throw new Error('stopped')
  for (let number = 1; number <= count; number++) nodes.push(new ClusterNode(`node-${number}`, env))
  undo.push(async () => void (await Promise.all(nodes.map((node) => node.stop()))))
  // The first brings the schema up to date.
  await nodes[0]?.start()
  if (isStopping) throw new Error('stopped')
  await Promise.all(nodes.slice(1).map((node) => node.start()))
  while (!isStopping && !nodes.every((node) => node.isReady)) await new Promise((resolve) => setTimeout(resolve, 20))
  return { address, nodes }
}

/** @throws Error where the port cannot be had */
async function openBalancer(nodes: readonly ClusterNode[]): Promise<string> {
  const balancer = new Balancer(nodes)
  undo.push(async () => balancer.close())
  const taken = await balancer.listen(port).catch((error: Error) => {
    throw new Error(`The port ${port} of 127.0.0.1 cannot be had (${error.message}): choose another with --port`)
  })
  return `http://127.0.0.1:${taken}`
}

async function ownPostgres(): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: pino({ level: 'warn' }), holder: 'cluster' })
  undo.push(() => postgres.stop())
  return postgres.url
}

function readOptions() {
  const options = {
    nodes: { type: 'string', default: '3' },
    port: { type: 'string', default: '8000' },
    'data-dir': { type: 'string', default: './data' },
  } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return refuse(`${reason}\nnpm run cluster -- [--nodes 3] [--port 8000] [--data-dir ./data]`)
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  return refuse(`${name} is "${text}": expected a whole number from ${least} to ${most}`)
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}
