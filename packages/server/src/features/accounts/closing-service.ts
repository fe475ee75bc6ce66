/** The end of an account, as far as it concerns the account itself: who one is, and how one gets in. */
import { ChatError } from '../../chat-error.ts'
import { afterCommit, type Core, type Ctx } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { isOwnPassword } from './own-password.ts'
import { deleteLoginNames, deleteSessions, findUser, lockUser, type OwnRow, setUser } from './queries.ts'

/**
 * Asks for the caller's password once more.
 *
 * @returns its hash, by which `closeAccount` sees whether it is still the same
 * @throws ChatError current_password_wrong, throttled, user_not_found
 */
export async function requireOwnPassword(ctx: Ctx, password: string): Promise<string> {
  const user = await findUser(ctx.db, ctx.actor.id)
  if (!user) throw new ChatError('user_not_found')
  if (!(await isOwnPassword(ctx.core, user, password))) throw new ChatError('current_password_wrong')
  return user.password_hash
}

/** What stands in the place of somebody who is gone. The colon is in no name that can be registered. */
const anonymous = (id: number) =>
  ({
    username: `deleted:${id}`,
    email: null,
    password_hash: '',
    first_name: 'Deleted',
    last_name: 'user',
    bio: null,
    image: null,
    is_staff: false,
    allow_direct_messages: 'friends',
    allow_group_adds: 'friends',
    email_visibility: 'nobody',
    presence_visibility: 'nobody',
    presence_status: 'invisible',
    last_seen_at: null,
  }) satisfies Partial<OwnRow>

/**
 * Makes a person anonymous for good, frees their names for others, removes their picture and ends all their sessions. Their row
 * is locked from here on: what would tie somebody to them waits, and is refused then.
 *
 * @returns what stands in their place
 * @throws ChatError current_password_wrong where the password was changed since it was asked for, user_not_found
 */
export async function closeAccount(
  tx: Tx,
  core: Core,
  { userId, passwordHash }: { userId: number; passwordHash: string },
): Promise<OwnRow> {
  const user = await lockUser(tx, userId)
  if (!user) throw new ChatError('user_not_found')
  if (user.password_hash !== passwordHash) throw new ChatError('current_password_wrong')
  await deleteLoginNames(tx, userId)
  const ended = await deleteSessions(tx, userId)
  if (user.image !== null) await core.services.media.detach(tx, user.image)
  afterCommit(tx, ({ services }) => services.authenticator.sessionsEnded(ended))
  return setUser(tx, userId, { ...anonymous(userId), deleted_at: new Date().toISOString() })
}
