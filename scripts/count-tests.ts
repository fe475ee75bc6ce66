/** Adds up vitest's JSON reports and prints one line: `N passed, N failed`, and `, N skipped` where any were. */
import { readFile } from 'node:fs/promises'

type Report = { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number }

const reports: Report[] = await Promise.all(
  process.argv.slice(2).map(async (file) => JSON.parse(await readFile(file, 'utf8'))),
)
const total = (count: (report: Report) => number) => reports.reduce((sum, report) => sum + count(report), 0)
const skipped = total((report) => report.numPendingTests + report.numTodoTests)
const line = `${total((report) => report.numPassedTests)} passed, ${total((report) => report.numFailedTests)} failed`
process.stdout.write(`${line}${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
