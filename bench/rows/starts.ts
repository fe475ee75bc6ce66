import { newDataDir, startOwnServer } from '../own-server.ts'
import { median } from '../statistics.ts'
import type { RowGroup } from './context.ts'

const ROUNDS = 3

/** From the start of the process to the banner. */
export const starts: RowGroup = {
  name: 'start',
  about: 'time from the start of the process until it is ready, with an empty data folder and later',
  worksAnywhere: false,
  async *run(context) {
    const first: number[] = []
    const later: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      context.say(`start ${round + 1} of ${ROUNDS}`)
      const dataDir = await newDataDir()
      first.push(await timeStart(dataDir))
      later.push(await timeStart(dataDir))
    }
    yield { name: 'start: first', unit: 's', value: median(first), limit: { atMost: 4 } }
    yield { name: 'start: later', unit: 's', value: median(later), limit: { atMost: 1.5 } }
  },
}

async function timeStart(dataDir: string): Promise<number> {
  const server = await startOwnServer(dataDir)
  await server.stop()
  return server.readyMs / 1000
}
