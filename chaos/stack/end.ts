import { endAll } from '../../bench/children.ts'

const preparations: (() => void)[] = []

/** Does something before the processes of the run are ended, such as letting a frozen one go on. */
export function beforeTheEnd(prepare: () => void): void {
  preparations.push(prepare)
}

/** Ends whatever the run has started. */
export async function endRun(): Promise<void> {
  for (const prepare of preparations.splice(0)) prepare()
  await endAll()
}
