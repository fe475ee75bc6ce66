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

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '3' },
    port: { type: 'string', default: '8000' },
    'data-dir': { type: 'string', default: './data' },
  },
})
const count = whole('--nodes', values.nodes, 1, 20)
const port = whole('--port', values.port, 0, 65_535)
const dataDir = path.resolve(values['data-dir'])

const undo: (() => Promise<void>)[] = []
const stopping = Promise.withResolvers<void>()
process.on('SIGINT', () => stopping.resolve())
process.on('SIGTERM', () => stopping.resolve())

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
      '  stop       Ctrl-C',
      '',
    ].join('\n'),
  )
  await stopping.promise
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
for (const step of undo.reverse()) await step()
process.exit()

async function startCluster(): Promise<{ address: string; nodes: ClusterNode[] }> {
  const databaseUrl = process.env.DATABASE_URL ?? (await ownPostgres())
  await loadSecretKey({ secretKey: process.env.SECRET_KEY, dataDir })
  const redis = await openRedis(process.env.REDIS_URL)
  undo.push(redis.stop)
  const nodes: ClusterNode[] = []
  const balancer = new Balancer(nodes)
  const address = `http://127.0.0.1:${await balancer.listen(port)}`
  undo.push(async () => balancer.close())
  const env = {
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: String(Math.min(10, Math.floor(MOST_CONNECTIONS / count))),
    REDIS_URL: redis.url,
    PUBLIC_URL: address,
  }
  for (let number = 1; number <= count; number++) nodes.push(new ClusterNode(`node-${number}`, env))
  undo.push(async () => void (await Promise.all(nodes.map((node) => node.stop()))))
  // The first brings the schema up to date.
  await nodes[0]?.start()
  await Promise.all(nodes.slice(1).map((node) => node.start()))
  while (!nodes.every((node) => node.isReady)) await new Promise((resolve) => setTimeout(resolve, 20))
  return { address, nodes }
}

async function ownPostgres(): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: pino({ level: 'warn' }), holder: 'cluster' })
  undo.push(() => postgres.stop())
  return postgres.url
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  process.stderr.write(`${name} is "${text}": expected a whole number from ${least} to ${most}\n`)
  process.exit(1)
}
