import Type, { type Static } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { detailOf, Id, ImageUpload, Nothing, nullable, Timestamp, text } from '../fields.ts'
import { cursorQuery, listQuery, orderingQuery, page, searchQuery } from '../paging.ts'
import { Chat, Invitation, Mute, ParticipantName, Room, ShareLink } from './resources.ts'

const OneRoom = Type.Object({ id: Id })

/** People to be put in a group in one go; a group may be filled in several. */
const PeopleIds = Type.Array(Id, { maxItems: 1000, examples: [[2, 3]] })

const RoomName = text({ max: 200, examples: ['Tea party'] })

/** A new group; or, with one other person and no name, the direct room of the two. */
export const CreateRoom = Type.Object({
  room_name: Type.Optional(nullable(text({ max: 200, blank: true, examples: ['Tea party'] }))),
  participant_ids: PeopleIds,
  group_image: Type.Optional(ImageUpload),
})
export type CreateRoom = Static<typeof CreateRoom>

/** What is not in it stays as it is. A picture of null removes it. */
export const UpdateRoom = Type.Object({
  room_name: Type.Optional(RoomName),
  group_image: Type.Optional(ImageUpload),
})
export type UpdateRoom = Static<typeof UpdateRoom>

export const AddMembers = Type.Object({ users: Type.Optional(PeopleIds) })
export type AddMembers = Static<typeof AddMembers>

/** Names one member; that it is missing is answered as the Django Chat API does, and not as a field error. */
export const ChooseMember = Type.Object({ user_id: Type.Optional(nullable(Id)) })
export type ChooseMember = Static<typeof ChooseMember>

export const MuteRoom = Type.Object({
  until: Type.Optional(
    nullable({
      ...Timestamp,
      examples: ['2099-01-01T08:00:00.000Z'],
      description: 'Absent or null: until it is unmuted',
    }),
  ),
})
export type MuteRoom = Static<typeof MuteRoom>

const about = { tag: 'rooms', access: 'member', rate: 'write', params: OneRoom } as const
const reading = { ...about, rate: 'read' } as const
const administering = { ...about, access: 'admin' } as const

export const listRooms = defineEndpoint({
  tag: 'rooms',
  access: 'user',
  rate: 'read',
  operationId: 'listRooms',
  method: 'GET',
  path: '/api/chatrooms/',
  summary: 'My chats, latest activity first; `?ordering=room_name` by name. A hidden direct room is left out.',
  query: Type.Object({ ...cursorQuery, ...searchQuery, ...orderingQuery }),
  responses: { 200: page(Chat) },
})

export const createRoom = defineEndpoint({
  tag: 'rooms',
  access: 'user',
  rate: 'write',
  operationId: 'createRoom',
  method: 'POST',
  path: '/api/chatrooms/',
  summary:
    'Makes a group; with one other person and no name, opens the direct room of the two (201 new, 200 existing).',
  body: CreateRoom,
  responses: { 201: Room, 200: Room },
})

export const getRoom = defineEndpoint({
  ...reading,
  operationId: 'getRoom',
  method: 'GET',
  path: '/api/chatrooms/:id/',
  summary: 'One of my rooms with its members.',
  responses: { 200: Room },
})

const update = { ...administering, path: '/api/chatrooms/:id/', body: UpdateRoom, responses: { 200: Room } } as const

export const replaceRoom = defineEndpoint({
  ...update,
  operationId: 'replaceRoom',
  method: 'PUT',
  summary: 'Changes the name or picture of a group; of a whole room that is sent back these two count.',
})

export const updateRoom = defineEndpoint({
  ...update,
  operationId: 'updateRoom',
  method: 'PATCH',
  summary: 'Changes the name or picture of a group.',
})

export const deleteRoom = defineEndpoint({
  ...about,
  operationId: 'deleteRoom',
  method: 'DELETE',
  path: '/api/chatrooms/:id/',
  summary: 'Deletes a group for all (admins); hides a direct room from oneself until its next message.',
  responses: { 204: Nothing },
})

export const addMembers = defineEndpoint({
  ...about,
  operationId: 'addMembers',
  method: 'POST',
  path: '/api/chatrooms/:id/add_members/',
  summary: 'Adds people to a group (admins); from a direct room, makes a new group of the two and them (201).',
  body: AddMembers,
  responses: { 200: Room, 201: Room },
})

export const removeMember = defineEndpoint({
  ...administering,
  operationId: 'removeMember',
  method: 'POST',
  path: '/api/chatrooms/:id/remove_member/',
  summary: 'Removes somebody else from a group.',
  body: ChooseMember,
  responses: { 200: detailOf('User removed successfully.') },
})

export const assignAdmin = defineEndpoint({
  ...administering,
  operationId: 'assignAdmin',
  method: 'POST',
  path: '/api/chatrooms/:id/assign_admin/',
  summary: 'Makes a member an admin of the group.',
  body: ChooseMember,
  responses: { 200: detailOf('bob is now an admin.') },
})

export const removeAdmin = defineEndpoint({
  ...administering,
  operationId: 'removeAdmin',
  method: 'POST',
  path: '/api/chatrooms/:id/remove_admin/',
  summary: 'Makes an admin of the group a member like the others, also oneself; the only admin stays one.',
  body: ChooseMember,
  responses: { 200: detailOf('bob is no longer an admin.') },
})

export const leaveRoom = defineEndpoint({
  ...about,
  operationId: 'leaveRoom',
  method: 'POST',
  path: '/api/chatrooms/:id/leave_room/',
  summary: 'Leaves a group; the last one out deletes it. A direct room is hidden until its next message.',
  responses: { 200: detailOf('Successfully left the room') },
})

export const listParticipants = defineEndpoint({
  ...reading,
  operationId: 'listParticipants',
  method: 'GET',
  path: '/api/chatrooms/:id/participants/',
  summary: 'Who is in the room, by id.',
  query: Type.Object({ ...listQuery }),
  responses: { 200: Type.Array(ParticipantName) },
})

const link = { path: '/api/chatrooms/:id/shareable_link/' } as const

export const getShareLink = defineEndpoint({
  ...reading,
  ...link,
  operationId: 'getShareLink',
  method: 'GET',
  summary: 'The link by which anyone may join the group; 404 while it is disabled.',
  responses: { 200: ShareLink },
})

export const renewShareLink = defineEndpoint({
  ...administering,
  ...link,
  operationId: 'renewShareLink',
  method: 'POST',
  summary: 'Makes a new link, also where it was disabled; the old one is void at once.',
  responses: { 200: ShareLink },
})

export const disableShareLink = defineEndpoint({
  ...administering,
  ...link,
  operationId: 'disableShareLink',
  method: 'DELETE',
  summary: 'Makes the link void; nobody can join by a link until an admin makes a new one.',
  responses: { 204: Nothing },
})

const invitation = {
  tag: 'rooms',
  path: '/api/chatrooms/join/:share_id/',
  params: Type.Object({ share_id: text({ max: 100 }) }),
} as const

export const getInvitation = defineEndpoint({
  ...invitation,
  access: 'public',
  rate: 'read',
  operationId: 'getInvitation',
  method: 'GET',
  summary: 'What a link leads to: shown to whoever has it, before they join.',
  responses: { 200: Invitation },
})

export const joinRoom = defineEndpoint({
  ...invitation,
  access: 'user',
  rate: 'write',
  operationId: 'joinRoom',
  method: 'POST',
  summary: 'Joins a group by its link. Whoever is in it already gets the same answer.',
  responses: { 200: Room },
})

const mute = { path: '/api/chatrooms/:id/mute/' } as const

export const muteRoom = defineEndpoint({
  ...about,
  ...mute,
  operationId: 'muteRoom',
  method: 'PUT',
  summary: 'Silences the room for oneself: it makes no notifications until then.',
  body: MuteRoom,
  responses: { 200: Mute },
})

export const unmuteRoom = defineEndpoint({
  ...about,
  ...mute,
  operationId: 'unmuteRoom',
  method: 'DELETE',
  summary: 'Lets the room notify again.',
  responses: { 204: Nothing },
})
