import { UserUpdated } from '@confab/contract/accounts/events'
import type { UpdateProfile } from '@confab/contract/accounts/requests'
import type { Profile, ProfileFields } from '@confab/contract/accounts/resources'
import { errorText } from '@confab/contract/errors'
import { ChatError, type FieldErrors, InvalidFields, invalidField } from '../../chat-error.ts'
import { afterCommit, type Core, type Ctx } from '../../ctx.ts'
import type { Db, Tx } from '../../db/open.ts'
import { lockUserTopic, record } from '../../realtime/log.ts'
import { saveUpload } from '../media/upload.ts'
import { nameKey } from './names.ts'
import { isOwnPassword } from './own-password.ts'
import { weaknessesOf } from './password-strength.ts'
import { hashPassword } from './passwords.ts'
import {
  claimNames,
  findUser,
  listFriendIds,
  listTakenNames,
  lockUser,
  type OwnRow,
  releaseEmail,
  revokeSessions,
  setUser,
} from './queries.ts'

/** The caller's own account. @throws ChatError user_not_found */
export async function getProfile(ctx: Ctx): Promise<Profile> {
  const user = (await findUser(ctx.db, ctx.actor.id)) ?? gone()
  return viewProfile(ctx.core, ctx.db, user)
}

/**
 * Changes the caller's account; what is not given, or is the same already, stays as it is. A new password ends all
 * other sessions of theirs. Their own devices are told of everything, whoever watches them of the name and picture, and
 * whoever saw their presence of its being hidden or shown.
 *
 * @throws InvalidFields with everything that is wrong
 * @throws ChatError image_invalid and the like for the picture, throttled for guessing the password
 */
export async function updateProfile(ctx: Ctx, change: UpdateProfile): Promise<ProfileFields> {
  const { core, actor } = ctx
  const before = (await findUser(ctx.db, actor.id)) ?? gone()
  const errors: FieldErrors = {}
  const passwordHash = await collect(errors, () => prepareNewPassword(core, before, change))
  await collect(errors, () => requireFreeEmail(ctx.db, actor.id, change.email))
  if (Object.keys(errors).length > 0) throw new InvalidFields(errors)
  const image = await savePicture(core, actor.id, change.profile_pic)
  const viewers = change.presence_visibility === 'nobody' ? await core.services.presence.listViewers(actor.id) : []

  return ctx.transaction(async (tx) => {
    const user = (await lockUser(tx, actor.id)) ?? gone()
    const wanted = differing(user, { ...columnsOf(change), ...(image === undefined ? {} : { image }) })
    if (wanted.email !== undefined) await moveEmail(tx, user, wanted.email)
    if (wanted.image !== undefined) await movePicture(core, tx, user.image, wanted.image)
    if (passwordHash) await changePassword(tx, ctx, user, { from: before.password_hash, to: passwordHash })
    if (Object.keys(wanted).length === 0) return viewFields(core, user)
    const after = await setUser(tx, actor.id, wanted)
    // Friends come and go without the account being locked, and the event says who they are.
    await lockUserTopic(tx, actor.id)
    const profile = await viewProfile(core, tx, after)
    await record(tx, UserUpdated, { to: actor.id, data: { user: profile } })
    tellWatchers(tx, wanted, profile)
    tellOfPresence(tx, actor.id, wanted, viewers)
    return viewFields(core, after)
  })
}

/** The name and the picture are what others see. */
function tellWatchers(tx: Tx, changed: Columns, { id, username, full_name, profile_pic }: Profile): void {
  if (changed.first_name === undefined && changed.last_name === undefined && changed.image === undefined) return
  afterCommit(tx, (core) => core.services.presence.tellOfPerson({ id, username, full_name, profile_pic }))
}

function tellOfPresence(tx: Tx, userId: number, changed: Columns, viewers: readonly number[]): void {
  const { presence_visibility: visibility } = changed
  if (visibility === undefined) return
  afterCommit(tx, ({ services: { presence } }) => {
    if (visibility === 'nobody') presence.tellHidden(userId, viewers)
    else presence.tellShown(userId)
  })
}

function gone(): never {
  throw new ChatError('user_not_found')
}

/** Does what may find fields to be wrong, and keeps what it found beside what others did. */
async function collect<T>(errors: FieldErrors, check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof InvalidFields) || Array.isArray(error.fields)) throw error
    Object.assign(errors, error.fields)
    return undefined
  }
}

/** The hash of the new password, or undefined where none is wanted: clients send all three fields, empty too. */
async function prepareNewPassword(core: Core, user: OwnRow, change: UpdateProfile): Promise<string | undefined> {
  const { old_password: old = '', new_password: wanted = '', confirm_password: again = '' } = change
  if (old === '' && wanted === '' && again === '') return undefined
  const isRight = old !== '' && (await isOwnPassword(core, user, old))
  if (!isRight) throw invalidField('old_password', errorText('old_password_wrong'))
  if (wanted === '') throw invalidField('new_password', 'This field is required.')
  const weaknesses = await weaknessesOf(wanted, [
    user.username,
    change.email ?? user.email,
    change.first_name ?? user.first_name,
    change.last_name ?? user.last_name,
  ])
  const errors: FieldErrors = {}
  if (weaknesses.length > 0) errors.new_password = weaknesses
  if (wanted !== again) errors.confirm_password = [errorText('new_passwords_differ')]
  if (Object.keys(errors).length > 0) throw new InvalidFields(errors)
  return hashPassword(wanted)
}

async function requireFreeEmail(db: Db, userId: number, email: string | undefined): Promise<void> {
  if (!email) return
  const taken = await listTakenNames(db, [email], userId)
  if (taken.size > 0) throw invalidField('email', errorText('email_taken'))
}

/** The key of a new picture, null for none, undefined for the one that is there. */
async function savePicture(
  core: Core,
  ownerId: number,
  upload: UpdateProfile['profile_pic'],
): Promise<string | null | undefined> {
  return upload ? (await saveUpload(core, upload, { kind: 'profile', field: 'profile_pic', ownerId })).key : upload
}

type Columns = Partial<OwnRow>

function columnsOf(change: UpdateProfile): Columns {
  const { profile_pic: _, old_password: _old, new_password: _new, confirm_password: _again, email, ...columns } = change
  return email === undefined ? columns : { ...columns, email: email || null }
}

/** What of the wanted is not so yet. */
function differing(user: OwnRow, wanted: Columns): Columns {
  const current: Record<string, unknown> = user
  return Object.fromEntries(Object.entries(wanted).filter(([column, value]) => current[column] !== value))
}

async function moveEmail(tx: Tx, user: OwnRow, email: string | null): Promise<void> {
  await releaseEmail(tx, user.id)
  if (email === null || nameKey(email) === nameKey(user.username)) return
  const taken = await claimNames(tx, user.id, [{ name: email, kind: 'email' }])
  if (taken.length > 0) throw invalidField('email', errorText('email_taken'))
}

async function movePicture(core: Core, tx: Tx, from: string | null, to: string | null): Promise<void> {
  if (from !== null) await core.services.media.detach(tx, from)
  if (to !== null) await core.services.media.attach(tx, to)
}

/** Of several changes at once by the same old password, one succeeds. */
async function changePassword(tx: Tx, ctx: Ctx, user: OwnRow, hash: { from: string; to: string }): Promise<void> {
  if (user.password_hash !== hash.from) throw invalidField('old_password', errorText('old_password_wrong'))
  await setUser(tx, user.id, { password_hash: hash.to })
  const ended = await revokeSessions(tx, user.id, { except: ctx.actor.sessionId })
  afterCommit(tx, (core) => core.services.authenticator.sessionsEnded(ended))
}

async function viewProfile(core: Core, db: Db, user: OwnRow): Promise<Profile> {
  const fullName = `${user.first_name} ${user.last_name}`.trim()
  return {
    id: user.id,
    username: user.username,
    ...viewFields(core, user),
    full_name: fullName === '' ? null : fullName,
    friends: await listFriendIds(db, user.id),
    online_status: core.services.presence.isOnline(user.id),
    last_seen: user.last_seen_at,
    is_staff: user.is_staff,
  }
}

function viewFields(core: Core, user: OwnRow): ProfileFields {
  return {
    first_name: user.first_name,
    last_name: user.last_name,
    bio: user.bio,
    email: user.email ?? '',
    profile_pic: user.image === null ? null : core.services.media.imageUrl('profile', user.image, ''),
    allow_direct_messages: user.allow_direct_messages,
    allow_group_adds: user.allow_group_adds,
    email_visibility: user.email_visibility,
    presence_visibility: user.presence_visibility,
    send_read_receipts: user.send_read_receipts,
  }
}
