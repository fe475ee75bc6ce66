import type { Memory, Result } from './harness.ts'
import { type Options, toArguments } from './options.ts'

/** What a run found, as text. */
export function describeResult(options: Options, { trace, memory, hasRedis, withoutNetworks }: Result): string {
  const lines = [
    `npm run chaos -- ${toArguments(options).join(' ')}`,
    '',
    `faults injected      ${trace.counted('faults')}`,
    ...trace.listCounts('fault ').map(([kind, count]) => `  ${kind.padEnd(27)}${count}`),
    ...(hasRedis ? [] : ['  none of Redis: there is no redis-server (on Debian: apt-get install redis-server)']),
    ...(withoutNetworks ? [`  none of lost packets: ${withoutNetworks}`] : []),
    `sends                ${trace.counted('sends')}, acknowledged ${trace.counted('acknowledged')}, retried ${trace.counted('retries')}, sent twice at once ${trace.counted('sent twice at once')}`,
    `edits, deletions     ${trace.counted('edits acknowledged')}, ${trace.counted('deletions acknowledged')}`,
    `events               ${trace.counted('events')}, of them replayed ${trace.counted('events replayed')}`,
    `connections          ${trace.counted('connections')}, resumed ${trace.counted('resumed')}, resyncs ${trace.counted('resyncs')}, rooms fetched ${trace.counted('rooms fetched')}`,
    `repeated on the way  ${trace.counted('repeated message')} messages, ${trace.counted('repeated request')} requests, ${trace.counted('repeated handshake')} connections; ${trace.counted('second answers')} second answers`,
    `held by servers      ${list(memory.before, 'heapMb')} MB before, ${list(memory.after, 'heapMb')} MB after`,
    `memory of servers    ${list(memory.before, 'residentMb')} MB before, ${list(memory.after, 'residentMb')} MB after`,
    ...tally('closed', trace.listCounts('closed ')),
    ...tally('refused', trace.listCounts('refused ')),
    ...tally('answers', trace.listCounts('rest ')),
    `violations           ${trace.violationCount}`,
  ]
  return lines.join('\n')
}

function list(memory: readonly Memory[], which: keyof Memory): string {
  return memory.map((one) => one[which]).join(', ')
}

function tally(name: string, counts: readonly (readonly [string, number])[]): string[] {
  if (counts.length === 0) return []
  return [`${name.padEnd(21)}${counts.map(([what, count]) => `${what}: ${count}`).join(', ')}`]
}

/** The violations with what happened around each. */
export function describeViolations(options: Options, { trace }: Result, most = 5): string {
  return trace.violations
    .slice(0, most)
    .map(({ atMs, what, around }) => [`At ${atMs} ms (seed ${options.seed}): ${what}`, ...around].join('\n    '))
    .join('\n\n')
}
