import { readFile } from 'node:fs/promises'
import { startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig, showConfig } from '../src/config.ts'

const read = (name: string) => readFile(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8')

type Service = {
  image?: string
  build?: { context: string; dockerfile: string }
  environment?: Record<string, string>
  depends_on?: Record<string, unknown> | string[]
  volumes?: string[]
  ports?: string[]
}
type Compose = { services: Record<string, Service>; volumes: Record<string, unknown> }

const compose: Compose = parse(await read('compose.yaml'), { merge: true })
const servers = Object.entries(compose.services).filter(([, service]) => service.image === 'confab')

/** What a shell variable of the file stands for where nobody sets it, but for the password. */
const filled = (text: string) =>
  text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, _name, kind, rest) => (kind === '-' ? rest : 'secret1'))

describe('the compose file', () => {
  test('starts three servers with names of their own, which differ in nothing else', () => {
    expect(servers).toHaveLength(3)
    for (const [name, service] of servers) {
      expect(service.environment?.NODE_ID).toBe(name)
      expect({ ...service, environment: { ...service.environment, NODE_ID: '' } }).toEqual({
        ...servers[0]?.[1],
        environment: { ...servers[0]?.[1].environment, NODE_ID: '' },
      })
    }
  })

  test('sets only what a server knows, to what it accepts', () => {
    const names = showConfig(loadConfig({})).map(({ name }) => name)
    for (const [, { environment = {} }] of servers) {
      expect(Object.keys(environment).filter((name) => !names.includes(name))).toEqual([])
      const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]))
      expect(loadConfig(env)).toMatchObject({
        databaseUrl: 'postgres://confab:secret1@postgres:5432/confab',
        redisUrl: 'redis://valkey:6379',
        trustProxy: true,
      })
    }
  })

  test('names only services and volumes that it has, and opens no port but the proxy’s', () => {
    const names = Object.keys(compose.services)
    for (const [name, { depends_on = [], volumes = [], ports = [] }] of Object.entries(compose.services)) {
      const needed = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on)
      expect(names).toEqual(expect.arrayContaining(needed))
      const own = volumes.map((volume) => volume.split(':')[0] ?? '').filter((volume) => !volume.startsWith('.'))
      expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(own))
      expect(ports.length > 0).toBe(name === 'proxy')
    }
  })

  test('has a proxy that knows its servers', async () => {
    const [, upstreams = ''] = /reverse_proxy ([^{]+)\{/.exec(await read('Caddyfile')) ?? []
    expect(upstreams.trim().split(' ')).toEqual(servers.map(([name]) => `${name}:8000`))
  })
})

test('the image leaves out nothing that the server needs', async () => {
  const ignored = (await read('Dockerfile.dockerignore')).split('\n')
  for (const needed of ['packages', 'package.json', 'package-lock.json', 'node_modules/.cache']) {
    expect(ignored).not.toContain(needed)
  }
  expect(await read('Dockerfile')).toContain('packages/server/bin/confab.js')
  for (const built of ['packages/web/dist', 'packages/server/dist']) {
    expect(await read('Dockerfile')).toContain(`COPY --from=build /app/${built} ${built}\n`)
  }
})

test('the dashboard shows only what the server counts', async () => {
  const server = await startTestServer()
  // Series with labels are there once something has happened.
  await server.person()
  await server.anonymous.get('/metrics')
  const counted = String((await server.anonymous.get('/metrics')).body)
  const text = await read('grafana.json')
  const names = new Set(text.match(/\b(confab|nodejs|process)_\w+/g))

  expect(names.size).toBeGreaterThan(20)
  expect([...names].filter((name) => !counted.includes(`# TYPE ${name.replace(/_(bucket|sum|count)$/, '')} `))).toEqual(
    [],
  )
})
