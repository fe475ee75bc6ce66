import * as contract from '@confab/contract/accounts/requests'
import type { Tokens } from '@confab/contract/accounts/resources'
import { errorText } from '@confab/contract/errors'
import { ChatError, type FieldErrors, InvalidFields } from '../../chat-error.ts'
import { type Core, type Ctx, inTransaction } from '../../ctx.ts'
import type { Database, Db, Tx } from '../../db/open.ts'
import { parseObject } from '../../wire/validation.ts'
import { nameKey } from './names.ts'
import { weaknessesOf } from './password-strength.ts'
import { hashPassword, isOutdated, verifyNothing, verifyPassword } from './passwords.ts'
import {
  type Credentials,
  claimNames,
  findCredentials,
  findSessionOfToken,
  insertSession,
  insertUser,
  type LoginName,
  listTakenNames,
  replaceHash,
  revokeSessions,
} from './queries.ts'
import {
  type Claims,
  newTokenId,
  readToken,
  signAccessToken,
  signRefreshToken,
  TokenError,
  type TokenProblem,
} from './tokens.ts'

/** Where somebody logs in from, for their list of sessions. */
export type Device = Readonly<{ userAgent: string; address: string }>

/**
 * Opens an account and logs in. Of several who want the same name or address at once, one gets it.
 *
 * @throws InvalidFields with everything that is wrong
 */
export async function register(core: Core, wanted: contract.Register, device: Device): Promise<Tokens> {
  const account = await prepareAccount(core.database.kysely, wanted)
  return inTransaction(core, async (tx) => {
    const user = await insertAccount(tx, { ...account, isStaff: false })
    return (await openSession(core, tx, user, device)) ?? fail('a new account cannot be logged in to')
  })
}

/** Whether a username is free: no secret, since registering tells it too. */
export async function getUsernameAvailability(core: Core, username: string): Promise<{ is_available: boolean }> {
  const taken = await listTakenNames(core.database.kysely, [username])
  return { is_available: taken.size === 0 }
}

/**
 * Makes an account that may administer the server. No server needs to run.
 *
 * @returns its id
 * @throws InvalidFields as `register` does
 */
export async function createAdmin(
  core: Readonly<{ database: Pick<Database, 'kysely'> }>,
  wanted: Readonly<{ username: string; email: string; password: string }>,
): Promise<number> {
  const { username, email, password } = wanted
  const given = { username, email, password, confirm_password: password }
  const account = await prepareAccount(core.database.kysely, parseObject(contract.Register, given) as contract.Register)
  const user = await core.database.kysely
    .transaction()
    .execute((tx) => insertAccount(tx, { ...account, isStaff: true }))
  return user.id
}

type Account = Readonly<{ username: string; email: string | null; passwordHash: string }>

async function prepareAccount(db: Db, wanted: contract.Register): Promise<Account> {
  const username = wanted.username.normalize('NFKC')
  const email = wanted.email || null
  const taken = await listTakenNames(db, email ? [username, email] : [username])
  const errors: FieldErrors = {
    ...takenErrors(namesOf({ username, email }).filter(({ name }) => taken.has(nameKey(name)))),
    ...(await passwordErrors(wanted)),
  }
  if (Object.keys(errors).length > 0) throw new InvalidFields(errors)
  return { username, email, passwordHash: await hashPassword(wanted.password) }
}

async function passwordErrors({
  username,
  email,
  password,
  confirm_password,
}: contract.Register): Promise<FieldErrors> {
  if (password !== confirm_password) return { password: [errorText('passwords_differ')] }
  const weaknesses = await weaknessesOf(password, [username, email])
  return weaknesses.length > 0 ? { password: weaknesses } : {}
}

async function insertAccount(tx: Tx, account: Account & { isStaff: boolean }): Promise<Credentials> {
  const { username, email, passwordHash, isStaff } = account
  const id = await insertUser(tx, { username, email, password_hash: passwordHash, is_staff: isStaff })
  const taken = await claimNames(tx, id, namesOf(account))
  if (taken.length > 0) throw new InvalidFields(takenErrors(taken))
  return { id, username, passwordHash }
}

/** Whoever has their address as their username logs in with that one name. */
function namesOf({ username, email }: { username: string; email: string | null }): LoginName[] {
  const names: LoginName[] = [{ name: username, kind: 'username' }]
  return email && nameKey(email) !== nameKey(username) ? [...names, { name: email, kind: 'email' }] : names
}

function takenErrors(taken: readonly LoginName[]): FieldErrors {
  return Object.fromEntries(
    taken.map(({ kind }) => [kind, [errorText(kind === 'username' ? 'username_taken' : 'email_taken')]]),
  )
}

/** A login is tried again where the account's password hash changed while it was being checked. */
const MAX_TRIES = 3

/**
 * Logs in with a username or email address. After some wrong passwords the account has to wait; see `login-waits.ts`.
 *
 * @throws ChatError login_failed, throttled
 */
export async function login(core: Core, given: contract.Login, device: Device): Promise<Tokens> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const user = await requireCredentials(core, given)
    const passwordHash = isOutdated(user.passwordHash) ? await hashPassword(given.password) : user.passwordHash
    const tokens = await inTransaction(core, async (tx) => {
      if (passwordHash !== user.passwordHash) await replaceHash(tx, user.id, user.passwordHash, passwordHash)
      return openSession(core, tx, { ...user, passwordHash }, device)
    })
    if (tokens) return tokens
  }
  throw new ChatError('login_failed')
}

async function requireCredentials(core: Core, { identifier, password }: contract.Login): Promise<Credentials> {
  const found = await findCredentials(core.database.kysely, identifier)
  const account = found ? `user:${found.id}` : `name:${nameKey(identifier)}`
  const user = await core.services.loginWaits.attempt(account, async () => {
    const isRight = found ? await verifyPassword(found.passwordHash, password) : await verifyNothing(password)
    return isRight ? found : undefined
  })
  if (!user) throw new ChatError('login_failed')
  return user
}

const DAY_S = 24 * 60 * 60

/**
 * Logs somebody in whose password was checked.
 *
 * @returns nothing where the account's password hash is not that one any more
 */
export async function openSession(core: Core, tx: Tx, user: Credentials, device: Device): Promise<Tokens | undefined> {
  const { refreshTokenDays: days } = core.config
  const refreshId = newTokenId()
  const sessionId = await insertSession(tx, user, { ...device, refreshId, days })
  if (sessionId === undefined) return undefined
  const bearer = { userId: user.id, username: user.username, sessionId }
  return {
    refresh: await signRefreshToken(core.secretKey, bearer, { id: refreshId, seconds: days * DAY_S }),
    access: await signAccess(core, bearer),
  }
}

function signAccess(core: Core, bearer: Parameters<typeof signAccessToken>[1]): Promise<string> {
  return signAccessToken(core.secretKey, bearer, core.config.accessTokenMinutes * 60)
}

/**
 * Gives a new access token for a refresh token.
 *
 * @param address where it is asked from
 * @throws ChatError refresh_not_valid, throttled
 */
export async function refreshToken(core: Core, refresh: string, address: string): Promise<{ access: string }> {
  try {
    const session = await requireSession(core, await readForRenewal(core, refresh, address))
    const bearer = { userId: session.user_id, username: session.username, sessionId: session.id }
    return { access: await signAccess(core, bearer) }
  } catch (error) {
    throw error instanceof TokenError ? new ChatError('refresh_not_valid', { reason: error.problem }) : error
  }
}

/**
 * Reads a refresh token, and counts the renewal: for the token, and where nobody was given it for the address, so that
 * whoever shares that with somebody who guesses goes on.
 *
 * @throws TokenError; ChatError throttled
 */
async function readForRenewal(core: Core, refresh: string, address: string): Promise<Claims> {
  const { rateLimits } = core.services
  const count = (tokenId: string | undefined) =>
    tokenId === undefined
      ? rateLimits.takeAnonymous('refresh', address)
      : rateLimits.take('refresh', `token:${tokenId}`, address)
  try {
    const claims = await readToken(core.secretKey, refresh, 'refresh')
    await count(claims.tokenId)
    return claims
  } catch (error) {
    if (error instanceof TokenError) await count(error.tokenId)
    throw error
  }
}

/**
 * Ends the session of a refresh token of the caller's own.
 *
 * @throws ChatError logout_failed
 */
export async function logout(ctx: Ctx, refresh: string): Promise<void> {
  try {
    const claims = await readToken(ctx.core.secretKey, refresh, 'refresh')
    const session = await requireSession(ctx.core, claims, ctx.actor.id)
    const ended = await revokeSessions(ctx.db, ctx.actor.id, { only: session.id })
    if (ended.length === 0) throw new TokenError('Token is blacklisted')
    ctx.core.services.authenticator.sessionsEnded(ended)
  } catch (error) {
    throw error instanceof TokenError ? new ChatError('logout_failed', { reason: error.problem }) : error
  }
}

/** The session of a refresh token, alive. @throws TokenError */
async function requireSession(core: Core, { userId, sessionId, tokenId }: Claims, ofUserId?: number) {
  if (userId === undefined || sessionId === undefined || (ofUserId !== undefined && userId !== ofUserId)) refuse()
  const session = await findSessionOfToken(core.database.kysely, { userId, sessionId, refreshId: tokenId })
  if (!session) refuse()
  if (session.revoked_at !== null) refuse('Token is blacklisted')
  return session
}

function refuse(problem: TokenProblem = 'Token is invalid'): never {
  throw new TokenError(problem)
}

function fail(reason: string): never {
  throw new Error(reason)
}
