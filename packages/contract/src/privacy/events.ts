import { defineEvent } from '../define-event.ts'
import { Id } from '../fields.ts'
import { Person } from '../people/resources.ts'

/**
 * Somebody in the room has deleted their account: what it has of them is now under this name, and without a picture. In a
 * group `member.removed` came before; a direct room stays, to be read.
 */
export const UserDeleted = defineEvent('user.deleted', { topic: 'room' }, { room: Id, user: Person })
