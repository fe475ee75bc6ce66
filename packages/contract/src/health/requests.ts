/** For supervisors and balancers: they ask often, and nothing is counted. */
import Type, { type Static } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'

const PartState = Type.Enum(['up', 'down'], { type: 'string', examples: ['up'] })

/** Whether a server can serve, and what of it can. */
export const Readiness = Type.Object(
  {
    status: Type.Enum(['ready', 'not ready', 'draining'], {
      type: 'string',
      description: '`draining`: it is stopping, and takes nobody new',
      examples: ['ready'],
    }),
    database: PartState,
    bus: Type.Enum(['up', 'down'], {
      type: 'string',
      description: 'The way to other servers; while it is down, what happens there arrives seconds later',
      examples: ['up'],
    }),
  },
  { title: 'Readiness' },
)
export type Readiness = Static<typeof Readiness>

const about = { tag: 'health', method: 'GET', access: 'public', rate: 'none' } as const

export const getHealth = defineEndpoint({
  ...about,
  operationId: 'getHealth',
  path: '/healthz',
  summary: 'Whether the process is up.',
  responses: { 200: Type.Object({ status: Type.Literal('ok') }) },
})

export const getReadiness = defineEndpoint({
  ...about,
  operationId: 'getReadiness',
  path: '/readyz',
  summary: 'Whether the server can serve; 503 where it cannot.',
  responses: { 200: Readiness, 503: Readiness },
})
