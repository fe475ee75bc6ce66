import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { Deliveries } from './deliveries.ts'
import { SenderConnection } from './http.ts'
import type { FanOutJob, Outcome, Report } from './jobs.ts'
import { openSockets } from './sockets.ts'
import { Measurement } from './timing.ts'

/** How long the last messages may take to arrive everywhere. */
const LAST_MS = 15_000

/** @throws Error where a message is not delivered to all, or a request fails */
export async function runFanOutJob(job: FanOutJob, tell: (report: Report) => void): Promise<Outcome> {
  const measurement = new Measurement()
  const deliveries = new Deliveries(job.sockets.length)
  await openSockets(job.origin, job.sockets, (socket, index) => {
    socket.on('message', (data) => {
      if (!Buffer.isBuffer(data) || !isMessage(data)) return
      measurement.delivered()
      deliveries.take(index, data)
    })
  })
  const connections = job.senders.map((sender) => new SenderConnection(job.origin, sender))
  let isOver = false
  const loops = connections.map(async (connection) => {
    while (!isOver) {
      const startedAt = performance.now()
      const { number } = await connection.next()
      await deliveries.everywhere(number)
      measurement.done(startedAt)
    }
  })
  const working = Promise.all(loops)
  const outcome = await Promise.race([measurement.take(job, tell), working.then(neverFirst)])
  isOver = true
  await Promise.race([working, late()])
  return outcome
}

/** Other frames, such as somebody coming online, are not counted. */
function isMessage(frame: Buffer): boolean {
  return frame.toString('latin1', 9, 20) === 'new_message'
}

function neverFirst(): never {
  throw new Error('the senders stopped before they were told to')
}

async function late(): Promise<never> {
  await delay(LAST_MS, undefined, { ref: false })
  throw new Error(`a message was not delivered to all sockets within ${LAST_MS / 1000} s`)
}
