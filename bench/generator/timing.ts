import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { summarize } from '../statistics.ts'
import type { Outcome, Report } from './jobs.ts'

/** What is counted while it is measured; before and after, nothing is. */
export class Measurement {
  #isOn = false
  #count = 0
  #deliveries = 0
  #bytes = 0
  #latencies: number[] = []

  /** Something was done that began at `startedAt` (`performance.now()`). */
  done(startedAt: number): void {
    if (!this.#isOn) return
    this.#count += 1
    this.#latencies.push(performance.now() - startedAt)
  }

  /** A message arrived at a socket. */
  delivered(bytes = 0): void {
    if (!this.#isOn) return
    this.#deliveries += 1
    this.#bytes += bytes
  }

  /**
   * Lets the work warm up, counts for the time given, and tells what was counted. Taken again it counts anew; latencies are
   * those of all times.
   */
  async take(job: { warmupSeconds: number; seconds: number }, tell: (report: Report) => void): Promise<Outcome> {
    await delay(job.warmupSeconds * 1000)
    this.#count = 0
    this.#deliveries = 0
    this.#bytes = 0
    tell({ type: 'begin' })
    const cpu = process.cpuUsage()
    const startedAt = performance.now()
    this.#isOn = true
    await delay(job.seconds * 1000)
    this.#isOn = false
    const seconds = (performance.now() - startedAt) / 1000
    const { user, system } = process.cpuUsage(cpu)
    tell({ type: 'end' })
    return {
      count: this.#count,
      deliveries: this.#deliveries,
      bytes: this.#bytes,
      seconds,
      latency: summarize(this.#latencies),
      cpuSeconds: (user + system) / 1e6,
    }
  }
}
