import type { Outcome, Report, Round, RoundsJob } from './jobs.ts'
import { PacedLoad } from './paced-load.ts'
import { Measurement } from './timing.ts'

/** A server that is overtaxed in one round has what is left of it done before the next, which is another's turn. */
const LAST_MS = 120_000

/**
 * Opens the sockets of all rooms.
 *
 * @returns what does one round, and answers what came of it, with the latencies of all of its room and rate
 * @throws Error where the server refuses a socket
 */
export async function openRounds(
  { rooms, senders }: RoundsJob,
  tell: (report: Report) => void,
): Promise<(round: Round) => Promise<Outcome>> {
  const loads = new Map<number, PacedLoad>()
  for (const { room, sockets } of rooms) loads.set(room, await PacedLoad.open({ room, sockets, senders }))
  const measurements = new Map<string, Measurement>()
  return async (round) => {
    const load = loads.get(round.room)
    if (!load) throw new Error(`the room ${round.room} is none of those that were opened`)
    const key = `${round.room} at ${round.perSecond}`
    const measurement = measurements.get(key) ?? new Measurement()
    measurements.set(key, measurement)
    const outcome = await load.take(round, measurement, tell)
    if (!(await load.untilArrived(LAST_MS))) {
      throw new Error(`not all messages were at all sockets within ${LAST_MS / 1000} s`)
    }
    return outcome
  }
}
