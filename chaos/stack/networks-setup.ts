import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { endRun } from './end.ts'
import { type NetworkPlace, openNetworks } from './network.ts'

declare module 'vitest' {
  interface ProvidedContext {
    networks: Readonly<{
      /** Those of a run's servers, or why there are none. */
      servers: readonly NetworkPlace[] | string
      /** One more, where there are any. */
      alone: NetworkPlace | undefined
    }>
  }
}

/** Where the tests are that need them. */
const folder = path.join(import.meta.dirname, '..', path.sep)

/** Servers of a run of the tests. */
const SERVERS = 3

/**
 * Makes the networks of a whole run of the tests, before its first test: a browser that learns of a new address on the
 * machine breaks off all that it is loading (`ERR_NETWORK_CHANGED`), on the loopback too.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const isNeeded = project.vitest.state.getPaths().some((file) => file.startsWith(folder))
  const opened = isNeeded ? await openNetworks(SERVERS + 1) : 'none are needed'
  if (typeof opened === 'string') {
    project.provide('networks', { servers: opened, alone: undefined })
  } else {
    const places = opened.map(({ place }) => place)
    project.provide('networks', { servers: places.slice(0, SERVERS), alone: places[SERVERS] })
  }
  return endRun
}
