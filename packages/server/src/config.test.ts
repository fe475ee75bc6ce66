import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError, describeSettings, loadConfig, showConfig } from './config.ts'
import { rateSettings, settings } from './config-table.ts'

const all = [...Object.values(settings), ...Object.values(rateSettings)]
const folder = mkdtempSync(path.join(tmpdir(), 'confab-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function complaint(env: Record<string, string>): string | undefined {
  try {
    loadConfig(env)
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

test('without any variable the server listens on the loopback and keeps its data below the working directory', () => {
  const config = loadConfig({})
  expect(config).toMatchObject({ host: '127.0.0.1', port: 8000, dataDir: path.resolve('data'), databaseUrl: undefined })
  expect(config.rates.register).toEqual({ count: 10, seconds: 3600 })
})

test('the configuration cannot be changed once read', () => {
  const config = loadConfig({ ALLOWED_ORIGINS: 'http://localhost:5173' })
  for (const part of [config, config.rates, config.rates.send, config.allowedOrigins]) {
    expect(Object.isFrozen(part)).toBe(true)
  }
})

test.each([
  ['PORT', '0', 'port', 0],
  ['HOST', '::', 'host', '::'],
  ['DATA_DIR', '/srv/my data', 'dataDir', '/srv/my data'],
  ['DATABASE_URL', 'postgresql://me:pw@db:5432/chat', 'databaseUrl', 'postgresql://me:pw@db:5432/chat'],
  ['DATABASE_URL', 'postgres://me@/chat?host=/run/pg', 'databaseUrl', 'postgres://me@/chat?host=/run/pg'],
  ['PUBLIC_URL', 'https://Chat.example.org/', 'publicUrl', 'https://chat.example.org'],
  ['PUBLIC_URL', 'https://example.org/chat/', 'publicUrl', 'https://example.org/chat'],
  ['ALLOWED_ORIGINS', '*', 'allowedOrigins', '*'],
  ['ALLOWED_ORIGINS', 'https://a.org, http://b.org:81/', 'allowedOrigins', ['https://a.org', 'http://b.org:81']],
  ['LOG_LEVEL', 'WARN', 'logLevel', 'warn'],
  ['RATE_LIMIT_FACTOR', '0.5', 'rateLimitFactor', 0.5],
  ['RATE_ADDRESS_MULTIPLE', '0', 'rateAddressMultiple', 0],
  ['LOGIN_FREE_FAILURES', '3', 'loginFreeFailures', 3],
  ['LOGIN_FIRST_WAIT_SECONDS', '30', 'loginFirstWaitSeconds', 30],
  ['LOGIN_LONGEST_WAIT_SECONDS', '86400', 'loginLongestWaitSeconds', 86_400],
  ['REDIS_URL', 'rediss://:pw@cache:6380/1', 'redisUrl', 'rediss://:pw@cache:6380/1'],
  ['TRUST_PROXY', 'true', 'trustProxy', true],
  ['MAX_UPLOAD_MB', ' 25 ', 'maxUploadMb', 25],
  ['MAX_UPLOAD_MB', '', 'maxUploadMb', 10],
  ['WEB_DIR', 'None', 'webDir', 'none'],
  ['WEB_DIR', 'web', 'webDir', path.resolve('web')],
])('%s=%s is understood', (name, text, field, value) => {
  expect(loadConfig({ [name]: text })).toMatchObject({ [field]: value })
})

test.each([
  ['PORT', '65536'],
  ['PORT', '80a'],
  ['PORT', '-1'],
  ['PORT', '8e3'],
  ['HOST', 'not a host'],
  ['HOST', '300.1.1.1'],
  ['DATABASE_URL', 'mysql://localhost/chat'],
  ['DATABASE_URL', 'postgres://me:pa#ss@localhost/chat'],
  ['REDIS_URL', 'localhost:6379'],
  ['REDIS_URL', 'redis://a:1,b:2'],
  ['REDIS_URL', 'redis+sentinel://a:1,b:2'],
  ['REDIS_URL', 'redis+cluster://a:1/2'],
  ['NODE_ID', 'my node'],
  ['SECRET_KEY', 'x'.repeat(31)],
  ['PUBLIC_URL', 'chat.example.org'],
  ['PUBLIC_URL', 'ftp://chat.example.org'],
  ['PUBLIC_URL', 'https://chat.example.org/?a=b'],
  ['ALLOWED_ORIGINS', 'https://a.org/path'],
  ['ALLOWED_ORIGINS', 'a.org'],
  ['LOG_LEVEL', 'loud'],
  ['RATE_LIMIT_FACTOR', '-1'],
  ['SOCKET_FRAMES_PER_SECOND', '0'],
  ['RATE_ADDRESS_MULTIPLE', '1.5'],
  ['LOGIN_FREE_FAILURES', '0'],
  ['LOGIN_FIRST_WAIT_SECONDS', '0'],
  ['LOGIN_LONGEST_WAIT_SECONDS', '86401'],
  ['RATE_SEND', '600'],
  ['RATE_SEND', '0/60'],
  ['TRUST_PROXY', 'maybe'],
  ['MEDIA_URL', 'https://bucket'],
])('%s=%s is refused with a line that names the variable and what is expected', (name, text) => {
  const setting = all.find((each) => each.name === name)
  expect(complaint({ [name]: text })).toContain(`${name} is `)
  expect(complaint({ [name]: text })).toContain(`expected ${setting?.kind.expects}`)
})

test('no value of any variable, however strange, gives more than one printable line', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.webUrl(), fc.stringMatching(/^[\d/.,-]+$/))
  const isFine = fc.property(fc.constantFrom(...all), text, ({ name }, value) => {
    const line = complaint({ [name]: value })
    if (line === undefined) return true
    return line.startsWith(`${name} is `) && line.length < 400 && /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(line)
  })
  // One expectation for all: one for each run took most of the time.
  expect(fc.check(isFine, { numRuns: 2_000 })).toMatchObject({ failed: false, counterexample: null })
})

test('a wrong value that may hold a secret is not repeated', () => {
  for (const { name } of all.filter((setting) => setting.isSecret)) {
    expect(complaint({ [name]: 'hunter2 hunter2' })).toMatch(/^\w+ is wrong/)
    expect(complaint({ [name]: 'hunter2 hunter2' })).not.toContain('hunter2')
  }
})

describe('the .env file', () => {
  const envFile = path.join(folder, '.env')

  test('stands beneath the environment', () => {
    writeFileSync(envFile, '# mine\nPORT=9000\nLOG_LEVEL="debug"\n')
    expect(loadConfig({ PORT: '9001' }, { envFile })).toMatchObject({ port: 9001, logLevel: 'debug' })
  })

  test('may be missing', () => {
    expect(loadConfig({}, { envFile: path.join(folder, 'none') }).port).toBe(8000)
  })

  test('that cannot be read is refused with one line', () => {
    expect(() => loadConfig({}, { envFile: folder })).toThrow(ConfigError)
  })
})

describe('what is shown', () => {
  /** A value of each variable that may hold a secret, with `hunter2` where that is, and what is shown of it. */
  const secrets: Readonly<Record<string, readonly [value: string, shown: string]>> = {
    SECRET_KEY: ['hunter2'.repeat(6), '***'],
    METRICS_TOKEN: ['hunter2'.repeat(3), '***'],
    DATABASE_URL: ['postgres://me:hunter2@db/chat?password=hunter2', 'postgres://me:***@db/chat?password=***'],
    REDIS_URL: [
      'redis+sentinel://me:hunter2@a:1,b:2/main?sentinelPassword=hunter2',
      'redis+sentinel://me:***@a:1,b:2/main?sentinelPassword=***',
    ],
    MEDIA_URL: ['s3://id:hunter2@store/bucket?region=eu', 's3://id:***@store/bucket?region=eu'],
  }

  test.each(all.filter((setting) => setting.isSecret).map(({ name }) => name))('hides what %s holds', (name) => {
    const [value = '', visible] = secrets[name] ?? []
    const shown = showConfig(loadConfig({ [name]: value }))
    expect(value).toContain('hunter2')
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(shown).toContainEqual(expect.objectContaining({ name, value: visible }))
  })

  test('is otherwise what was set', () => {
    expect(showConfig(loadConfig({ PORT: '8123' }))).toContainEqual(
      expect.objectContaining({ name: 'PORT', value: '8123' }),
    )
  })
})

test('what is shown of the defaults is accepted again and means the same', () => {
  const config = loadConfig({})
  expect(loadConfig(Object.fromEntries(showConfig(config).map(({ name, value }) => [name, value])))).toEqual(config)
})

test('docs/configuration.md has the table of all variables as it is', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
  expect(page, 'paste the output of "npm run -s confab -- config --markdown" into the page').toContain(
    describeSettings(),
  )
})
