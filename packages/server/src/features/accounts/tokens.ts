/**
 * Access and refresh tokens: JWTs signed with HS256 under the server's secret key itself, with the claims that clients
 * of the Django Chat API read, and the session that they belong to.
 */
import { randomUUID } from 'node:crypto'
// Of the library only what is used: a start would read all of its modules otherwise.
import type { JWTPayload } from 'jose'
import { JOSEError, JWTExpired } from 'jose/errors'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import { LRUCache } from 'lru-cache'

/** What a token is for. */
export type TokenType = 'access' | 'refresh'

/** Whom a token is for. */
export type Bearer = Readonly<{ userId: number; username: string; sessionId: number }>

/** What a valid token says. A claim that is not there, or has no sense, is undefined. */
export type Claims = Readonly<{
  userId: number | undefined
  hasUser: boolean
  sessionId: number | undefined
  tokenId: string
  /** Seconds since 1970. */
  expiresAt: number
}>

/** Why a token is refused, as clients are told. */
export type TokenProblem = 'Token is invalid' | 'Token is expired' | 'Token has wrong type' | 'Token is blacklisted'

/** A token is refused. */
export class TokenError extends Error {
  readonly problem: TokenProblem
  /** Its id, where this installation has signed it: so nobody guessed it. */
  readonly tokenId: string | undefined

  constructor(problem: TokenProblem, options: ErrorOptions & { tokenId?: string | undefined } = {}) {
    super(problem, options)
    this.name = 'TokenError'
    this.problem = problem
    this.tokenId = options.tokenId
  }
}

/** Makes an access token that is valid for so many seconds. */
export function signAccessToken(secretKey: string, bearer: Bearer, seconds: number): Promise<string> {
  const { username, ...whose } = bearer
  return sign(secretKey, { ...claimsOf('access', whose), username }, { id: newTokenId(), seconds })
}

/** Makes a refresh token. Its id is stored with the session, so that there is one refresh token a session. */
export function signRefreshToken(
  secretKey: string,
  bearer: Omit<Bearer, 'username'>,
  token: { id: string; seconds: number },
): Promise<string> {
  return sign(secretKey, claimsOf('refresh', bearer), token)
}

/** An id for a token, as the original makes them. */
export function newTokenId(): string {
  return randomUUID().replaceAll('-', '')
}

function claimsOf(type: TokenType, bearer: { userId: number; sessionId: number }) {
  return { token_type: type, user_id: bearer.userId, session_id: bearer.sessionId }
}

function sign(secretKey: string, claims: JWTPayload, token: { id: string; seconds: number }): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(now)
    .setExpirationTime(now + token.seconds)
    .setJti(token.id)
    .sign(keyOf(secretKey))
}

/**
 * Reads a token of the type. Whether its person and session still exist is not asked here.
 *
 * @throws TokenError
 */
export async function readToken(secretKey: string, token: string, type: TokenType): Promise<Claims> {
  const claims = await verifySignature(secretKey, token)
  if (claims.token_type !== type) throw new TokenError('Token has wrong type', { tokenId: claims.jti })
  return {
    userId: idIn(claims.user_id),
    hasUser: claims.user_id !== undefined && claims.user_id !== null,
    sessionId: idIn(claims.session_id),
    tokenId: claims.jti ?? '',
    expiresAt: claims.exp ?? 0,
  }
}

async function verifySignature(secretKey: string, token: string): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keyOf(secretKey), {
      algorithms: ['HS256'],
      requiredClaims: ['exp', 'jti'],
    })
    return payload
  } catch (error) {
    // Claims are looked at once the signature has held.
    if (error instanceof JWTExpired) {
      throw new TokenError('Token is expired', { cause: error, tokenId: error.payload.jti })
    }
    if (error instanceof JOSEError) throw new TokenError('Token is invalid', { cause: error })
    throw error
  }
}

function idIn(claim: unknown): number | undefined {
  return typeof claim === 'number' && Number.isSafeInteger(claim) && claim > 0 ? claim : undefined
}

/** Keys as bytes; there is one a server, tests have a few. */
const keys = new LRUCache<string, Uint8Array>({ max: 10 })

function keyOf(secretKey: string): Uint8Array {
  const known = keys.get(secretKey)
  if (known) return known
  const key = new TextEncoder().encode(secretKey)
  keys.set(secretKey, key)
  return key
}
