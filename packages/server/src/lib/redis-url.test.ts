import { expect, test } from 'vitest'
import { hideRedisPasswords, parseRedisUrl } from './redis-url.ts'

const nothing = {
  isTls: false,
  username: undefined,
  password: undefined,
  db: 0,
  masterName: undefined,
  sentinelPassword: undefined,
}
const local = { host: 'localhost', port: 6379 }

test.each([
  ['redis://localhost', { ...nothing, kind: 'single', nodes: [local] }],
  ['redis://localhost:6379/0', { ...nothing, kind: 'single', nodes: [local] }],
  ['REDISS://localhost/2', { ...nothing, kind: 'single', nodes: [local], isTls: true, db: 2 }],
  ['redis://me@[::1]:7000', { ...nothing, kind: 'single', nodes: [{ host: '::1', port: 7000 }], username: 'me' }],
  ['redis://:p%40ss@localhost', { ...nothing, kind: 'single', nodes: [local], password: 'p@ss' }],
  [
    'redis+sentinel://me:pw@a:1,b/main?db=3&sentinelPassword=other',
    {
      ...nothing,
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26_379 },
      ],
      username: 'me',
      password: 'pw',
      db: 3,
      masterName: 'main',
      sentinelPassword: 'other',
    },
  ],
  [
    'rediss+cluster://a,b:2',
    {
      ...nothing,
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 6379 },
        { host: 'b', port: 2 },
      ],
      isTls: true,
    },
  ],
])('%s is understood', (text, target) => {
  expect(parseRedisUrl(text)).toEqual(target)
})

test.each([
  '',
  'localhost:6379',
  'http://localhost',
  'redis://',
  'redis://a b',
  'redis://a:0',
  'redis://a:65536',
  'redis://a:1,b:2',
  'redis://a/x',
  'redis://%zz@a',
  'redis+sentinel://a:1',
  'redis+cluster://a:1/1',
  'redis+cluster://a:1?db=1',
  'redis+sentinel://a,,b/main',
  'redis+other://a:1',
])('%s is refused', (text) => {
  expect(parseRedisUrl(text)).toBeUndefined()
})

test.each([
  ['redis://me:hunter2@a:1/2', 'redis://me:***@a:1/2'],
  ['redis://:hunter2@a', 'redis://:***@a'],
  [
    'redis+sentinel://a:1,b:2/main?sentinelPassword=hunter2&db=1',
    'redis+sentinel://a:1,b:2/main?sentinelPassword=***&db=1',
  ],
  ['redis://a:1', 'redis://a:1'],
])('%s is shown as %s', (text, shown) => {
  expect(hideRedisPasswords(text)).toBe(shown)
})
