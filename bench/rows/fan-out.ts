import { startBaseline } from '../baselines/start.ts'
import { COUNTER, type FanOutJob } from '../generator/jobs.ts'
import { type Measured, measure, perCpuSecond } from '../measure.ts'
import type { Result } from '../report.ts'
import { makeRoom, nth, type Subject } from '../subject.ts'
import { type Context, type RowGroup, WARMUP_SHARE, withSubject } from './context.ts'

/** Messages under way at a time: as in a lively room, not as fast as possible. */
const SENDERS = 8
const BODY = JSON.stringify({ content: `This is message ${COUNTER} of the benchmark` })

const sizes = [50, 500, 2_000]

/** A server as it comes allows 500 members and 20 sockets a person; 1,000 people have two sockets each here. */
const MOST_PEOPLE = 1_000
const MOST_PEOPLE_ELSEWHERE = 125

/** What one message to many sockets costs the server. */
export const fanOut: RowGroup = {
  name: 'fan-out',
  about: 'deliveries to 50, 500 and 2,000 sockets of one room, per CPU second of the server',
  worksAnywhere: true,
  async *run(context) {
    const environment = { MAX_GROUP_MEMBERS: String(MOST_PEOPLE) }
    for (const sockets of sizes) {
      yield* withSubject(context, environment, async function* (subject, own) {
        const people = Math.min(sockets, own ? MOST_PEOPLE : MOST_PEOPLE_ELSEWHERE)
        yield await measureSize(context, subject, { sockets, people })
      })
    }
  },
}

async function measureSize(
  context: Context,
  subject: Subject,
  { sockets, people }: { sockets: number; people: number },
): Promise<Result> {
  const job = await makeJob(context, subject, { sockets, people })
  const baseline = subject.pid === undefined ? undefined : await measureBaseline(job)
  context.say(`${sockets} sockets of ${people} people, ${SENDERS} senders`)
  const measured = await measure(job, { server: subject.pid, database: subject.databasePid })
  const isPerCpu = measured.serverCpuSeconds !== undefined
  return {
    name: `fan-out: ${sockets} sockets`,
    unit: isPerCpu ? 'deliveries/CPU s' : 'deliveries/s',
    value: isPerCpu ? perCpuSecond(measured) : measured.deliveries / measured.seconds,
    latency: measured.latency,
    baseline: baseline && perCpuSecond(baseline),
    baselineLatency: baseline?.latency,
    ratioLimit: isPerCpu ? { atLeast: 0.8 } : undefined,
    cores: measured.cores,
    baselineCores: baseline?.cores,
    note: `${Math.round(measured.count / measured.seconds)} messages/s`,
  }
}

async function makeJob(
  context: Context,
  subject: Subject,
  { sockets, people }: { sockets: number; people: number },
): Promise<FanOutJob> {
  const members = await subject.people(people)
  const room = await makeRoom(subject, members, `Room of ${people}`)
  return {
    kind: 'fan-out',
    origin: subject.url,
    seconds: context.seconds,
    warmupSeconds: context.seconds * WARMUP_SHARE,
    sockets: Array.from({ length: sockets }, (_, index) => `/ws/chat/${room}/?token=${nth(members, index).token}`),
    senders: Array.from({ length: SENDERS }, (_, index) => ({
      method: 'POST',
      token: nth(members, index).token,
      body: BODY,
      paths: [`/api/chatrooms/${room}/messages/`],
    })),
  }
}

async function measureBaseline(job: FanOutJob): Promise<Measured> {
  const baseline = await startBaseline('broadcast')
  try {
    return await measure({ ...job, origin: baseline.url }, { server: baseline.pid })
  } finally {
    await baseline.stop()
  }
}
