import Type, { type Static } from 'typebox'
import { Id, nullable, Timestamp } from '../fields.ts'

/** What one says of oneself. Who is invisible seems offline to everyone else, and sees everything. */
export const OwnStatus = Type.Enum(['online', 'away', 'dnd', 'invisible'], { type: 'string', examples: ['away'] })
export type OwnStatus = Static<typeof OwnStatus>

/** What others see of it. */
export const ShownStatus = Type.Enum(['online', 'away', 'dnd', 'offline'], { type: 'string', examples: ['online'] })
export type ShownStatus = Static<typeof ShownStatus>

/** Whether somebody is there. Offline, and never seen, also where the viewer may not know. */
export const PersonPresence = Type.Object(
  { user_id: Id, online_status: Type.Boolean(), status: ShownStatus, last_seen: nullable(Timestamp) },
  { title: 'PersonPresence' },
)
export type PersonPresence = Static<typeof PersonPresence>
