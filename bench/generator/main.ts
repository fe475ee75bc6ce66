/** The load generator: a process of its own, so that what it costs is not the server's. Takes one job and ends. */
import { once } from 'node:events'
import { runFanOutJob } from './fan-out-load.ts'
import { runHttpJob } from './http-load.ts'
import { isJob, isRound, type Job, type Outcome, type Report, type TimedJob } from './jobs.ts'
import { runMixedJob } from './mixed-load.ts'
import { runPacedJob } from './paced-load.ts'
import { runReconnectJob } from './reconnect-load.ts'
import { openRounds } from './rounds-load.ts'
import { runSocketSendJob } from './socket-send-load.ts'
import { openSockets } from './sockets.ts'

function tell(report: Report): void {
  process.send?.(report)
}

async function run(job: Job): Promise<void> {
  if (job.kind === 'idle') {
    await openSockets(job.origin, job.sockets)
    tell({ type: 'open' })
    return
  }
  if (job.kind === 'rounds') {
    const take = await openRounds(job, tell)
    process.on('message', (round) => {
      if (!isRound(round)) return
      take(round).then((outcome) => tell({ type: 'outcome', outcome }), fail)
    })
    tell({ type: 'open' })
    return
  }
  if (job.kind === 'reconnect') tell({ type: 'returned', outcome: await runReconnectJob(job, tell) })
  else tell({ type: 'outcome', outcome: await runTimed(job) })
}

async function runTimed(job: TimedJob): Promise<Outcome> {
  switch (job.kind) {
    case 'http':
      return runHttpJob(job, tell)
    case 'fan-out':
      return runFanOutJob(job, tell)
    case 'paced':
      return runPacedJob(job, tell)
    case 'socket-send':
      return runSocketSendJob(job, tell)
    case 'mixed':
      return runMixedJob(job, tell)
  }
}

function fail(error: unknown): void {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
}

process.once('disconnect', () => process.exit())
const [job] = await once(process, 'message')
try {
  if (!isJob(job)) throw new Error('this is no job')
  await run(job)
} catch (error) {
  fail(error)
}
