import Type, { type Static } from 'typebox'
import { Id, Timestamp } from '../fields.ts'

/** That somebody has read a message: at the first of their read marks that reached it. */
export const ReadStatus = Type.Object(
  { id: Id, user: Type.Object({ id: Id }), timestamp: Timestamp },
  { title: 'ReadStatus' },
)
export type ReadStatus = Static<typeof ReadStatus>
