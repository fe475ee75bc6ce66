import Type, { type Static } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { Id, ImageUpload, Nothing, text } from '../fields.ts'
import { listQuery } from '../paging.ts'
import { AccessToken, Profile, ProfileFields, privacySettings, Session, Tokens } from './resources.ts'

const PASSWORD_EXAMPLE = 'twelve wild geese'

/** Passwords are taken as they are typed; the bound keeps hashing cheap. */
const Password = text({ trim: false, max: 1024, examples: [PASSWORD_EXAMPLE] })

/** Left out or empty: no address. */
const Email = text({ blank: true, max: 254, format: 'email', examples: ['alice@example.com'] })

const Username = text({
  max: 150,
  pattern: '^[\\p{L}\\p{N}_.@+-]+$',
  message: 'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
  examples: ['alice'],
})

/** A new account. */
export const Register = Type.Object({
  username: Username,
  email: Type.Optional(Email),
  password: Password,
  confirm_password: Password,
})
export type Register = Static<typeof Register>

/** Who wants in: a username or an email address, in any case, and the password. */
export const Login = Type.Object({
  identifier: text({ max: 1024, examples: ['alice'] }),
  password: Password,
})
export type Login = Static<typeof Login>

const OptionalPassword = Type.Optional(text({ trim: false, blank: true, max: 1024, examples: [PASSWORD_EXAMPLE] }))
const Name = Type.Optional(text({ blank: true, max: 150, examples: ['Alice'] }))

/** A change of one's account; what is not in it stays as it is. A new password needs the old one, and itself twice. */
export const UpdateProfile = Type.Object({
  first_name: Name,
  last_name: Name,
  bio: Type.Optional(text({ blank: true, max: 150, examples: ['down the hole'] })),
  email: Type.Optional(Email),
  profile_pic: Type.Optional(ImageUpload),
  old_password: OptionalPassword,
  new_password: OptionalPassword,
  confirm_password: OptionalPassword,
  ...Type.Partial(Type.Object(privacySettings)).properties,
})
export type UpdateProfile = Static<typeof UpdateProfile>

const tag = 'accounts'
const JwtField = text({
  max: 4096,
  examples: ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjo0Mn0.c2lnbmF0dXJl'],
})

export const register = defineEndpoint({
  tag,
  operationId: 'register',
  method: 'POST',
  path: '/api/register/',
  summary: 'Opens an account and logs in.',
  access: 'public',
  rate: 'register',
  body: Register,
  responses: {
    201: Type.Object({ message: Type.String({ examples: ['User created successfully'] }), tokens: Tokens }),
  },
})

export const getUsernameAvailability = defineEndpoint({
  tag,
  operationId: 'getUsernameAvailability',
  method: 'GET',
  path: '/api/register/availability/',
  summary: 'Whether a username is free. It may be taken by the time that one registers.',
  access: 'public',
  rate: 'search',
  query: Type.Object({ username: Username }),
  responses: { 200: Type.Object({ is_available: Type.Boolean() }) },
})

export const login = defineEndpoint({
  tag,
  operationId: 'login',
  method: 'POST',
  path: '/api/login/',
  summary: 'Logs in. After some wrong passwords each further one makes the next try wait longer.',
  access: 'public',
  rate: 'login',
  body: Login,
  responses: { 200: Type.Object({ tokens: Tokens }) },
})

export const logout = defineEndpoint({
  tag,
  operationId: 'logout',
  method: 'POST',
  path: '/api/logout/',
  summary: 'Ends the session of a refresh token of one’s own.',
  access: 'user',
  rate: 'write',
  body: Type.Object({ refresh_token: JwtField }),
  responses: { 200: Type.Object({ message: Type.String({ examples: ['Successfully logged out'] }) }) },
})

export const refreshToken = defineEndpoint({
  tag,
  operationId: 'refreshToken',
  method: 'POST',
  path: '/api/token/refresh/',
  summary: 'Gives a new access token; the refresh token stays valid.',
  access: 'public',
  rate: 'refresh',
  body: Type.Object({ refresh: JwtField }),
  responses: { 200: AccessToken },
})

export const getProfile = defineEndpoint({
  tag,
  operationId: 'getProfile',
  method: 'GET',
  path: '/api/profile/',
  summary: 'One’s own account.',
  access: 'user',
  rate: 'read',
  responses: { 200: Profile },
})

const change = {
  tag,
  path: '/api/profile/',
  access: 'user',
  rate: 'write',
  body: UpdateProfile,
  responses: { 200: ProfileFields },
} as const

export const replaceProfile = defineEndpoint({
  ...change,
  operationId: 'replaceProfile',
  method: 'PUT',
  summary: 'Changes one’s account, as PATCH does: what is not given stays as it is.',
})

export const updateProfile = defineEndpoint({
  ...change,
  operationId: 'updateProfile',
  method: 'PATCH',
  summary: 'Changes one’s account. A new password ends all other sessions.',
})

export const listSessions = defineEndpoint({
  tag,
  operationId: 'listSessions',
  method: 'GET',
  path: '/api/sessions/',
  summary: 'Where one is logged in, the latest login first.',
  access: 'user',
  rate: 'read',
  query: Type.Object(listQuery),
  responses: { 200: Type.Array(Session) },
})

export const endSession = defineEndpoint({
  tag,
  operationId: 'endSession',
  method: 'DELETE',
  path: '/api/sessions/:id/',
  summary: 'Ends a session of one’s own: its tokens stop working and its sockets are closed.',
  access: 'owner',
  rate: 'write',
  params: Type.Object({ id: Id }),
  responses: { 204: Nothing },
})

export const endOtherSessions = defineEndpoint({
  tag,
  operationId: 'endOtherSessions',
  method: 'DELETE',
  path: '/api/sessions/',
  summary: 'Ends all sessions of one’s own but the one that asks.',
  access: 'user',
  rate: 'write',
  responses: { 204: Nothing },
})
