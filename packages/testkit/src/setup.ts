import { afterAll } from 'vitest'
import { startDeadline } from './file-deadline.ts'
import { closeLeftOpen } from './left-open.ts'

// Hooks run in the reverse order: what closes what is left open may take its time, too.
afterAll(startDeadline())
afterAll(closeLeftOpen)
