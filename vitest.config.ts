import { configDefaults, defineConfig } from 'vitest/config'

/** What brings a Postgres of its own, needs none, or does what others do says nothing new on that of `TEST_DATABASE_URL`. */
const independent = [
  'bench/**',
  'chaos/**',
  'e2e/**',
  'packages/client/**',
  'packages/web/**',
  'packages/server/src/cli/**',
  'packages/server/src/config.test.ts',
  'packages/server/src/db/**',
  'packages/server/src/features/media/{images,signing,storage}.test.ts',
  'packages/server/src/http/**',
  'packages/server/src/realtime/redis-*.test.ts',
  'packages/server/tests/original-api/**',
  'packages/server/tests/{architecture,authorization,docs,kill,malformed,new-feature,secrets-in-logs}.test.ts',
]

/** What walks through view after view in a browser takes minutes: `npm run test:browser` runs it. */
const walks =
  process.env.BROWSER_TESTS === 'all'
    ? []
    : ['e2e/web/{access,entry,groups,journey,looks,offline,people,performance,popups,search,settings,writing}.test.ts']

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/tests/**/*.test.ts',
      'e2e/**/*.test.ts',
      'bench/**/*.test.ts',
      'chaos/**/*.test.ts',
    ],
    exclude: [...configDefaults.exclude, ...walks, ...(process.env.TEST_DATABASE_URL ? independent : [])],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'artifacts/tests.json' }]] : ['default'],
    // A browser that shares two cores with everything else may take more than the default second to follow.
    expect: { requireAssertions: true, poll: { timeout: 10_000 } },
  },
})
