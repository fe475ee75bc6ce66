import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

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
  'packages/server/src/features/accounts/{login,login-waits,profile,sessions,tokens}.test.ts',
  'packages/server/src/features/media/**',
  'packages/server/src/features/notifications/mentions.test.ts',
  'packages/server/src/features/presence/elsewhere.test.ts',
  'packages/server/src/features/search/{fold,terms}.test.ts',
  'packages/server/src/{http,lib,wire}/**',
  'packages/server/src/realtime/{gateway-crowd,gateway-lag,hub,redis-*}.test.ts',
  'packages/server/src/secret-key.test.ts',
  'packages/server/tests/{architecture,deploy,docs,kill,malformed,new-feature,secrets-in-logs,shared-limits,snippets}.test.ts',
  'packages/testkit/**',
]

/** What walks through view after view in a browser takes minutes: `npm run test:browser` runs it. */
const walks =
  process.env.BROWSER_TESTS === 'all'
    ? []
    : [
        'e2e/web/{access,entry,groups,journey,offline,origin,people,performance,popups,reading,rooms,search,settings,writing}.test.ts',
      ]

/** Each takes long; the longest first. */
const long = [
  'chaos/chaos.test.ts',
  'server/tests/kill.test.ts',
  'web/looks.test.ts',
  'cli/demo.test.ts',
  'web/conversation.test.ts',
  'web/faults.test.ts',
  'cli/serve.test.ts',
  'tests/authorization.test.ts',
  'tests/malformed.test.ts',
  'e2e/cluster.test.ts',
  'tests/external-postgres.test.ts',
]

/** Begins with what takes long, so that it does not run alone at the end, while another core has nothing to do. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.endsWith(name))
      return at === -1 ? long.length : at
    }
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}

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
    globalSetup: ['packages/testkit/src/global-setup.ts', 'chaos/stack/networks-setup.ts'],
    setupFiles: ['packages/testkit/src/setup.ts'],
    pool: 'forks',
    // Files share a process: each has a server and a database of its own, and closes them. Loading the server anew for each
    // would take half of the time of a run.
    isolate: false,
    // Node itself loads the TypeScript, as it does in production; transforming it would be a third of the time of a run.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // The long ones wait for most of their time; browsers do not.
    maxWorkers: process.env.BROWSER_TESTS === 'all' ? 2 : 3,
    sequence: { sequencer: LongFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'artifacts/tests.json' }]] : ['default'],
    // A browser that shares two cores with everything else may take more than the default second to follow.
    expect: { requireAssertions: true, poll: { timeout: 20_000 } },
  },
})
