import { defineEvent } from '../define-event.ts'
import { Profile } from './resources.ts'

/** One's own profile has changed. Goes to the person's own devices. */
export const UserUpdated = defineEvent('user.updated', { topic: 'user' }, { user: Profile })
