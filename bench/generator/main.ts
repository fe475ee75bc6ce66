/** The load generator: a process of its own, so that what it costs is not the server's. Takes one job and ends. */
import { once } from 'node:events'
import { runFanOutJob } from './fan-out-load.ts'
import { runHttpJob } from './http-load.ts'
import { isJob, type Job, type Report } from './jobs.ts'
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
  const outcome = job.kind === 'http' ? await runHttpJob(job, tell) : await runFanOutJob(job, tell)
  tell({ type: 'outcome', outcome })
}

process.once('disconnect', () => process.exit())
const [job] = await once(process, 'message')
try {
  if (!isJob(job)) throw new Error('this is no job')
  await run(job)
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
}
