import { performance } from 'node:perf_hooks'
import { SenderConnection } from './http.ts'
import type { HttpJob, Outcome, Report } from './jobs.ts'
import { Measurement } from './timing.ts'

/** Keeps every sender busy for as long as the job says. @throws Error at the first answer that is no success */
export async function runHttpJob(job: HttpJob, tell: (report: Report) => void): Promise<Outcome> {
  const measurement = new Measurement()
  const connections = job.senders.map((sender) => new SenderConnection(job.origin, sender))
  let isOver = false
  const loops = connections.map(async (connection) => {
    while (!isOver) {
      const startedAt = performance.now()
      await connection.next()
      measurement.done(startedAt)
    }
  })
  const working = Promise.all(loops)
  const outcome = await Promise.race([measurement.take(job, tell), working.then(neverFirst)])
  isOver = true
  await working
  await Promise.all(connections.map((connection) => connection.close()))
  return outcome
}

function neverFirst(): never {
  throw new Error('the senders stopped before they were told to')
}
