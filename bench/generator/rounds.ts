import type { Outcome, Report, Round, RoundsJob } from './jobs.ts'
import { PacedLoad } from './paced-load.ts'
import { Measurement } from './timing.ts'

/**
 * Opens the sockets of all rooms.
 *
 * @returns what does one round, and answers what came of all of its room and rate until then
 * @throws Error where the server refuses a socket
 */
export async function openRounds(
  { rooms, senders }: RoundsJob,
  tell: (report: Report) => void,
): Promise<(round: Round) => Promise<Outcome>> {
  const loads = new Map<number, PacedLoad>()
  for (const { room, sockets } of rooms) loads.set(room, await PacedLoad.open({ room, sockets, senders }))
  const measurements = new Map<string, Measurement>()
  return (round) => {
    const load = loads.get(round.room)
    if (!load) throw new Error(`the room ${round.room} is none of those that were opened`)
    const key = `${round.room} at ${round.perSecond}`
    const measurement = measurements.get(key) ?? new Measurement()
    measurements.set(key, measurement)
    return load.take(round, measurement, tell)
  }
}
