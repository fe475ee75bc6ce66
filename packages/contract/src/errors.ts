/**
 * Every way in which a call can fail, once: the status, the body in the shape that clients of the Django Chat API expect,
 * and whether the same call may succeed later. The code of a failure is in the `X-Error-Code` header of the answer and in
 * the `code` of gateway error frames.
 */

/** `detail` and `error`: `{"detail": text}`, `{"error": text}`. `field`: `{<field>: [text]}`, `non_field_errors` unless named. */
type Shape = 'detail' | 'error' | 'field'

/** `never`: the call is wrong. `later`: the same call may succeed after `Retry-After`. `login`: with a new access token. */
export type Retry = 'never' | 'later' | 'login'

export type ErrorEntry = Readonly<{ status: number; shape: Shape; text: string; retry: Retry; field?: string }>

const detail = (status: number, text: string, retry: Retry = 'never'): ErrorEntry => ({
  status,
  shape: 'detail',
  text,
  retry,
})
const error = (status: number, text: string): ErrorEntry => ({ status, shape: 'error', text, retry: 'never' })
const invalid = (text: string, field = 'non_field_errors'): ErrorEntry => ({
  status: 400,
  shape: 'field',
  text,
  field,
  retry: 'never',
})

/** The catalogue. `{name}` in a text is filled from the details of the error. */
export const errorCatalogue = {
  // requests as such
  not_found: detail(404, 'Not found.'),
  method_not_allowed: detail(405, 'Method "{method}" not allowed.'),
  unsupported_media_type: detail(415, 'Unsupported media type "{mediaType}" in request.'),
  malformed_json: detail(400, 'JSON parse error - {reason}'),
  malformed_form: detail(400, 'Form parse error - {reason}'),
  body_too_large: detail(413, 'Request body is larger than {bytes} bytes.'),
  headers_too_large: detail(431, 'Request headers are too large.'),
  malformed_request: detail(400, 'Bad request.'),
  request_timeout: detail(408, 'The request did not arrive in time.', 'later'),
  throttled: detail(429, 'Request was throttled. Expected available in {seconds} seconds.', 'later'),
  unavailable: detail(503, 'Service temporarily unavailable, try again later.', 'later'),
  internal: detail(500, 'A server error occurred.', 'later'),
  invalid_cursor: detail(404, 'Invalid cursor'),
  invalid: invalid('{message}'),

  // the gateway
  not_ready: detail(425, 'The first frame is hello; commands are taken after ready.', 'later'),
  unknown_command: detail(400, 'There is no command "{type}".'),

  // authentication
  not_authenticated: detail(401, 'Authentication credentials were not provided.', 'login'),
  bad_authorization_header: detail(401, 'Authorization header must contain two space-delimited values', 'login'),
  token_not_valid: detail(401, 'Given token not valid for any token type', 'login'),
  token_without_user: detail(401, 'Token contained no recognizable user identification', 'login'),
  user_not_found: detail(401, 'User not found', 'login'),
  refresh_not_valid: detail(401, '{reason}', 'login'),
  not_allowed: detail(403, 'You do not have permission to perform this action.'),

  // accounts
  login_failed: invalid('Invalid login credentials.'),
  logout_failed: error(400, '{reason}'),
  username_taken: invalid('A user with that username already exists.', 'username'),
  email_taken: invalid('Email is already in use.', 'email'),
  passwords_differ: invalid('Passwords do not match.', 'password'),
  new_passwords_differ: invalid('New passwords do not match.', 'confirm_password'),
  old_password_wrong: invalid('Old password is incorrect.', 'old_password'),
  current_password_wrong: invalid('Current password is incorrect.', 'current_password'),
  session_missing: detail(404, 'No Session matches the given query.'),

  // people
  user_missing: detail(404, 'No User matches the given query.'),
  recipient_missing: error(404, 'Recipient user not found.'),
  request_to_oneself: error(400, 'You cannot send a friend request to yourself.'),
  already_friends: error(409, 'You are already friends with this user.'),
  request_pending: error(409, 'You already have a pending request to this user.'),
  request_pending_from_them: error(
    409,
    'This user has already sent you a friend request. Please accept or reject it instead.',
  ),
  request_refused: error(403, 'You cannot send a friend request to this user.'),
  friend_request_hidden: detail(404, 'No FriendRequest matches the given query.'),
  friend_request_missing: error(404, 'Friend request not found.'),
  request_not_to_you: error(403, 'You can only modify friend requests sent to you.'),
  request_not_from_you: error(403, 'You can only cancel requests you sent.'),
  request_handled: error(410, 'This friend request has already been {status}.'),
  request_not_cancellable: error(410, 'This request has already been {status} and cannot be cancelled.'),
  friend_missing: error(404, 'Friend not found.'),
  not_friends: error(400, 'This user is not in your friends list.'),
  unfriend_user_missing: error(404, 'User not found.'),
  block_oneself: detail(400, 'You cannot block yourself.'),

  // rooms
  room_not_found: detail(404, 'No ChatRoom matches the given query.'),
  group_name_required: invalid('Group chats must have a name.', 'room_name'),
  group_only_you: invalid('You cannot include only yourself in the chat'),
  group_too_large: invalid('A group cannot have more than {limit} members.'),
  not_to_be_added: invalid('You cannot add {names} to a group.', 'participant_ids'),
  only_admins_add: detail(403, 'Only admins can add members'),
  already_members: detail(400, 'Users are already in the room'),
  some_already_members: detail(400, 'One or more users are already in the room'),
  cannot_remove_yourself: detail(400, 'You cannot remove yourself from the room.'),
  user_id_required: detail(400, 'User ID is required.'),
  not_a_participant_of_room: detail(400, 'User is not a participant in this room.'),
  not_a_participant: detail(400, 'User is not a participant.'),
  not_an_admin: detail(400, 'User is not an admin.'),
  only_admin: detail(400, 'Please assign a new admin first.'),
  direct_no_removal: detail(405, 'Cannot remove members in private chat.'),
  direct_no_admin: detail(405, 'Cannot assign admin in private chat.'),
  direct_no_demotion: detail(405, 'Cannot remove admin in private chat.'),
  direct_no_link: detail(405, 'A private chat has no link.'),
  direct_unchangeable: detail(403, 'A private chat has no name or picture of its own.'),
  last_admin: detail(400, 'Please assign a new admin before leaving.'),
  link_not_found: detail(404, 'No ChatRoom matches the given query.'),
  cannot_message: detail(403, 'You cannot message this person.'),

  // messages
  message_not_found: detail(404, 'No Message matches the given query.'),
  message_empty: invalid('A message needs text or an image.'),
  client_id_conflict: detail(409, 'This client_id was used for another message.'),

  // notifications
  notification_not_found: detail(404, 'No Notification matches the given query.'),

  // media
  image_invalid: invalid(
    'Upload a valid image. The file you uploaded was either not an image or a corrupted image.',
    'image',
  ),
  image_empty: invalid('The submitted file is empty.', 'image'),
  image_too_large: invalid('The file is larger than {megabytes} MB.', 'image'),
  image_too_many_pixels: invalid('The image has more pixels than can be processed.', 'image'),
  media_forbidden: detail(403, 'This link is not valid or has expired.'),
} as const satisfies Record<string, ErrorEntry>

/** The stable name of a failure. */
export type ErrorCode = keyof typeof errorCatalogue

/** What fills the placeholders of an entry's text, and `field`, which says where a `field` error belongs. */
export type ErrorDetails = Readonly<Record<string, string | number>>

/** Fills the placeholders of an entry's text. */
export function errorText(code: ErrorCode, details: ErrorDetails = {}): string {
  return errorCatalogue[code].text.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole))
}

/** The JSON body of a failure. */
export function errorBody(code: ErrorCode, details: ErrorDetails = {}): Record<string, unknown> {
  const entry: ErrorEntry = errorCatalogue[code]
  const message = errorText(code, details)
  if (entry.shape === 'field') return { [String(details.field ?? entry.field ?? 'non_field_errors')]: [message] }
  return { [entry.shape]: message }
}
