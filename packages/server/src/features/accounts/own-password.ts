import type { Core } from '../../ctx.ts'
import { verifyPassword } from './passwords.ts'
import type { OwnRow } from './queries.ts'

/**
 * Whether it is somebody's password. Whoever holds a token of theirs gets no more guesses here than at the login.
 *
 * @throws ChatError throttled
 */
export async function isOwnPassword(core: Core, user: OwnRow, password: string): Promise<boolean> {
  const isRight = await core.services.loginWaits.attempt(
    `user:${user.id}`,
    async () => (await verifyPassword(user.password_hash, password)) || undefined,
  )
  return isRight === true
}
