import Type, { type Static } from 'typebox'
import { Id, ImageUrl, nullable, Timestamp } from '../fields.ts'

const Jwt = Type.String({ examples: ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjo0Mn0.c2lnbmF0dXJl'] })

/** What a login gives: a short-lived token for calls, and a long-lived one that renews it. */
export const Tokens = Type.Object({ refresh: Jwt, access: Jwt }, { title: 'Tokens' })
export type Tokens = Static<typeof Tokens>

/** A new access token; the refresh token stays as it is. */
export const AccessToken = Type.Object({ access: Jwt }, { title: 'AccessToken' })
export type AccessToken = Static<typeof AccessToken>

/** From whom something is welcome. */
export const Audience = Type.Enum(['everyone', 'friends'], { type: 'string', examples: ['everyone'] })

/** Who sees the email address. */
export const EmailVisibility = Type.Enum(['nobody', 'friends'], { type: 'string', examples: ['nobody'] })

/** Who sees whether somebody is online, and when they were last. */
export const PresenceVisibility = Type.Enum(['everyone', 'nobody'], { type: 'string', examples: ['everyone'] })

/** What a person decides about what others may do and see. */
export const privacySettings = {
  allow_direct_messages: Audience,
  allow_group_adds: Audience,
  email_visibility: EmailVisibility,
  presence_visibility: PresenceVisibility,
  send_read_receipts: Type.Boolean({ examples: [true] }),
}

const names = {
  first_name: Type.String({ examples: ['Alice'] }),
  last_name: Type.String({ examples: ['Liddell'] }),
  bio: nullable(Type.String({ examples: ['down the hole'] })),
  email: Type.String({ description: 'Empty where there is none', examples: ['alice@example.com'] }),
  profile_pic: ImageUrl,
}

/** One's own account. Of other people only a part of this is shown. */
export const Profile = Type.Object(
  {
    id: Id,
    username: Type.String({ examples: ['alice'] }),
    ...names,
    full_name: nullable(Type.String({ description: 'Null until a name is set', examples: ['Alice Liddell'] })),
    friends: Type.Array(Id, { description: 'The ids of one’s friends, the lowest 1,000 of them' }),
    online_status: Type.Boolean(),
    last_seen: nullable(Timestamp),
    is_staff: Type.Boolean({ description: 'Whether one may tell everyone something', examples: [false] }),
    ...privacySettings,
  },
  { title: 'Profile' },
)
export type Profile = Static<typeof Profile>

/** What a change of the profile answers. */
export const ProfileFields = Type.Object({ ...names, ...privacySettings }, { title: 'ProfileFields' })
export type ProfileFields = Static<typeof ProfileFields>

/** One login, on one device. */
export const Session = Type.Object(
  {
    id: Id,
    user_agent: Type.String({ examples: ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'] }),
    address: Type.String({ description: 'Where the login came from', examples: ['192.0.2.7'] }),
    created_at: Timestamp,
    last_used_at: Timestamp,
    is_current: Type.Boolean({ description: 'Whether it is the one that asks' }),
  },
  { title: 'Session' },
)
export type Session = Static<typeof Session>
