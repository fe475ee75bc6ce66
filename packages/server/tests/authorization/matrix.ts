/** What every route answers whom. A route that is not here fails the test. */
import { randomUUID } from 'node:crypto'
import { PASSWORD } from '@confab/testkit/server'
import { login, type Role, type Scene } from './scene.ts'

/** One way to call an endpoint, and the status for each role. */
export type Call = Readonly<{
  expects: Readonly<Record<Role, number>>
  body?: (scene: Scene, role: Role) => unknown
  query?: (scene: Scene) => string | Promise<string>
}>

const everyone = (status: number): Call['expects'] => ({
  anonymous: status,
  outsider: status,
  member: status,
  admin: status,
  sender: status,
  staff: status,
})

const loggedIn = (status: number): Call['expects'] => ({ ...everyone(status), anonymous: 401 })

/** To whoever is not in the room it does not exist. */
const members = (status: number): Call['expects'] => ({ ...loggedIn(status), outsider: 404, staff: 404 })

const admins = (status: number): Call['expects'] => ({ ...members(status), member: 403, sender: 403 })

/** The thing in the path is the sender's. */
const owner = (status: number): Call['expects'] => ({ ...loggedIn(404), sender: status })

/** The friend request in the path is of the sender, for the member. */
const parties = (sender: number, member: number): Call['expects'] => ({ ...loggedIn(404), sender, member })

const account = () => ({ username: `new_${randomUUID()}`, password: PASSWORD, confirm_password: PASSWORD })
const aboutTarget = (scene: Scene) => ({ user_id: scene.cast.target.id })
const aboutMember = (scene: Scene) => ({ user_id: scene.cast.member.id })
/** The member, whom the admin has made one. Where it is the member who asks, it is the sender, so that the asker is none. */
async function promoteMember(scene: Scene, role: Role): Promise<{ user_id: number }> {
  const { admin, member, sender } = scene.cast
  const promoted = role === 'member' ? sender : member
  await admin.post(`/api/chatrooms/${await scene.room()}/assign_admin/`, { user_id: promoted.id })
  return { user_id: promoted.id }
}
const searching = (scene: Scene) => `?q=${scene.secret}`

export const matrix: Readonly<Record<string, Call | readonly Call[]>> = {
  // accounts
  register: { expects: everyone(201), body: account },
  getUsernameAvailability: { expects: everyone(200), query: () => '?username=somebody' },
  login: { expects: everyone(200), body: ({ cast }) => ({ identifier: cast.target.username, password: PASSWORD }) },
  logout: {
    expects: { ...everyone(400), anonymous: 401, sender: 200 },
    // A second login of the sender's: only they can end it.
    body: async ({ stage, cast }) => ({ refresh_token: (await login(stage, cast.sender)).refresh }),
  },
  refreshToken: { expects: everyone(200), body: ({ cast }) => ({ refresh: cast.target.refresh }) },
  getProfile: { expects: loggedIn(200) },
  replaceProfile: { expects: loggedIn(200), body: () => ({ bio: 'here' }) },
  updateProfile: { expects: loggedIn(200), body: () => ({ bio: 'there' }) },
  listSessions: { expects: loggedIn(200) },
  endSession: { expects: owner(204) },
  endOtherSessions: { expects: loggedIn(204) },

  // documents
  getApiRoot: { expects: everyone(200) },
  getOpenApi: { expects: everyone(200) },
  getAsyncApi: { expects: everyone(200) },

  // people
  listUsers: { expects: loggedIn(200) },
  getUser: { expects: loggedIn(200) },
  blockUser: { expects: loggedIn(201) },
  unblockUser: { expects: loggedIn(204) },
  listBlocks: { expects: loggedIn(200) },
  listFriendRequests: { expects: loggedIn(200) },
  createFriendRequest: { expects: loggedIn(201), body: ({ cast }) => ({ to_user: cast.target.id }) },
  getFriendRequest: { expects: parties(200, 200) },
  acceptFriendRequest: { expects: parties(403, 200) },
  rejectFriendRequest: { expects: parties(403, 200) },
  cancelFriendRequest: { expects: parties(200, 403) },
  listFriends: { expects: loggedIn(200) },
  listFriendsByOldPath: { expects: loggedIn(200) },
  getFriend: { expects: owner(200) },
  removeFriend: { expects: { ...loggedIn(400), sender: 200 } },
  removeFriendByOldPath: { expects: { ...loggedIn(400), sender: 200 } },

  // rooms
  listRooms: { expects: loggedIn(200) },
  createRoom: {
    expects: loggedIn(201),
    body: ({ cast }) => ({ room_name: 'another', participant_ids: [cast.target.id] }),
  },
  getRoom: { expects: members(200) },
  replaceRoom: { expects: admins(200), body: () => ({ room_name: 'renamed' }) },
  updateRoom: { expects: admins(200), body: () => ({ room_name: 'renamed' }) },
  deleteRoom: { expects: admins(204) },
  addMembers: { expects: admins(200), body: ({ cast }) => ({ users: [cast.target.id] }) },
  removeMember: [
    { expects: admins(200), body: aboutMember },
    { expects: admins(400), body: aboutTarget },
  ],
  assignAdmin: [
    { expects: admins(200), body: aboutMember },
    { expects: admins(400), body: aboutTarget },
  ],
  removeAdmin: [
    { expects: admins(200), body: promoteMember },
    { expects: admins(400), body: aboutTarget },
    // The only admin stays one.
    { expects: admins(400), body: ({ cast }) => ({ user_id: cast.admin.id }) },
  ],
  // The only admin has to name another first.
  leaveRoom: { expects: { ...members(200), admin: 400 } },
  listParticipants: { expects: members(200) },
  getShareLink: { expects: members(200) },
  renewShareLink: { expects: admins(200) },
  disableShareLink: { expects: admins(204) },
  getInvitation: { expects: everyone(200) },
  joinRoom: { expects: loggedIn(200) },
  muteRoom: { expects: members(200) },
  unmuteRoom: { expects: members(204) },

  // messages and receipts
  listMessages: [
    { expects: members(200) },
    { expects: members(200), query: async (scene) => `?around=${await scene.message()}` },
    { expects: members(200), query: () => '?at=2020-01-01T00:00:00Z' },
  ],
  listRoomImages: { expects: members(200) },
  sendMessage: { expects: members(201), body: () => ({ content: 'hello' }) },
  getMessage: { expects: members(200) },
  replaceMessage: { expects: { ...admins(403), sender: 200 }, body: () => ({ content: 'other' }) },
  editMessage: { expects: { ...admins(403), sender: 200 }, body: () => ({ content: 'other' }) },
  deleteMessage: { expects: { ...admins(204), sender: 204 } },
  markMessageRead: { expects: { ...members(201), sender: 200 } },
  listReadStatuses: { expects: members(200) },
  markRoomRead: { expects: members(200) },

  // privacy
  exportData: { expects: loggedIn(200) },
  // With the password the account is gone; that has tests of its own.
  deleteAccount: { expects: loggedIn(400), body: () => ({ current_password: 'not-the-password' }) },

  // notifications
  listNotifications: { expects: loggedIn(200) },
  listUnreadNotifications: { expects: loggedIn(200) },
  createNotification: [
    { expects: loggedIn(201), body: () => ({ message: 'to myself, or from staff to all' }) },
    {
      expects: { ...loggedIn(403), staff: 201 },
      body: ({ cast }) => ({ message: 'to somebody else', user: cast.target.id }),
    },
  ],
  markAllNotificationsRead: { expects: loggedIn(204) },
  getNotification: { expects: owner(200) },
  replaceNotification: { expects: owner(200), body: () => ({ is_read: true }) },
  updateNotification: { expects: owner(200), body: () => ({ is_read: true }) },
  deleteNotification: { expects: owner(204) },
  markNotificationRead: { expects: owner(204) },

  // search
  searchMessages: [
    { expects: loggedIn(200), query: searching },
    { expects: members(200), query: async (scene) => `${searching(scene)}&room=${await scene.room()}` },
  ],
  searchPeople: { expects: loggedIn(200), query: searching },
  searchRooms: { expects: loggedIn(200), query: searching },

  // health
  getHealth: { expects: everyone(200) },
  getReadiness: { expects: everyone(200) },
}

/** A route that is no endpoint of the API: pages, files, probes. Its path in a scene, or several. */
export type PlainRoute = Readonly<{
  expects: number
  paths: (scene: Scene) => readonly string[] | Promise<readonly string[]>
}>

const pathOf = (url: string) => url.replace(/^\w+:\/\/[^/]+/, '')
const withoutSignature = (url: string) => pathOf(url).replace(/\?.*/, '')

/** They do not ask who is calling: what is not for everyone has its permission in the address, or a key of its own. */
export const plainRoutes: Readonly<Record<string, PlainRoute | readonly PlainRoute[]>> = {
  // Nobody's access token opens it, only the one of the operator.
  '/metrics': { expects: 401, paths: () => ['/metrics', '/metrics?token=x'] },
  '/api/schema/swagger-ui/': { expects: 200, paths: () => ['/api/schema/swagger-ui/'] },
  '/api/schema/redoc/': { expects: 200, paths: () => ['/api/schema/redoc/'] },
  '/api/schema/assets/:name': [
    { expects: 200, paths: () => ['/api/schema/assets/swagger-ui.css'] },
    { expects: 404, paths: () => ['/api/schema/assets/..%2fpackage.json', '/api/schema/assets/__proto__'] },
  ],
  // Pages and files of the web app; what it does not have is nobody's.
  '/*': { expects: 404, paths: () => ['/assets/unknown.js', '/.env', '/api/unknown/'] },
  '/media/profile/:key': { expects: 200, paths: async (scene) => [pathOf(await scene.profilePicture())] },
  '/media/group/:key': { expects: 200, paths: async (scene) => [pathOf(await scene.groupPicture())] },
  '/media/message/:key': [
    { expects: 200, paths: async (scene) => [pathOf(await scene.messageImage())] },
    {
      expects: 403,
      paths: async (scene) => {
        const path = withoutSignature(await scene.messageImage())
        return [path, `${path}?exp=9999999999&sig=x`, `${path}?exp=9999999999&sig=`]
      },
    },
  ],
}
