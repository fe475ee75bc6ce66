import { afterAll, afterEach } from 'vitest'
import { startDeadline } from './file-deadline.ts'
import { closeLeftOpen } from './left-open.ts'
import { requireDocumented } from './undocumented.ts'

// Hooks run in the reverse order: what closes what is left open may take its time, too.
afterAll(startDeadline())
afterAll(requireDocumented)
afterAll(closeLeftOpen)
afterEach(requireDocumented)
