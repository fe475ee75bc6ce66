-- People, rooms, messages, and the log of what happened.
--
-- Tables on the path of a message (messages, room_events, read_receipts, notifications) carry room_id or user_id first
-- in their key, so that they can be partitioned or distributed by it, and no foreign keys: a send would pay for each
-- with a row lock, and membership has been checked under the room's lock already.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username text NOT NULL,
  email text,
  password_hash text NOT NULL,
  first_name text NOT NULL DEFAULT '',
  last_name text NOT NULL DEFAULT '',
  bio text,
  image text,
  is_staff boolean NOT NULL DEFAULT false,
  allow_direct_messages text NOT NULL DEFAULT 'everyone' CHECK (allow_direct_messages IN ('everyone', 'friends')),
  allow_group_adds text NOT NULL DEFAULT 'everyone' CHECK (allow_group_adds IN ('everyone', 'friends')),
  email_visibility text NOT NULL DEFAULT 'nobody' CHECK (email_visibility IN ('nobody', 'friends')),
  presence_visibility text NOT NULL DEFAULT 'everyone' CHECK (presence_visibility IN ('everyone', 'nobody')),
  send_read_receipts boolean NOT NULL DEFAULT true,
  last_seen_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX users_by_username ON users (lower(username), id);
CREATE INDEX users_by_first_name ON users (lower(first_name), id);
CREATE INDEX users_by_last_name ON users (lower(last_name), id);
CREATE INDEX users_by_part_of_name ON users
  USING gin ((lower(username || ' ' || first_name || ' ' || last_name)) gin_trgm_ops);

-- Everything that somebody can log in with. One key for both kinds, so that nobody's username is another's email.
CREATE TABLE login_names (
  name text PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('username', 'email'))
);
CREATE INDEX login_names_by_user ON login_names (user_id);

CREATE TABLE sessions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  refresh_id text NOT NULL UNIQUE,
  user_agent text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3)
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE friend_requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  to_user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'rejected')),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CHECK (from_user_id <> to_user_id)
);
CREATE UNIQUE INDEX friend_requests_one_pending_per_pair ON friend_requests
  (least(from_user_id, to_user_id), greatest(from_user_id, to_user_id)) WHERE status = 'pending';
CREATE INDEX friend_requests_by_sender ON friend_requests (from_user_id, id);
CREATE INDEX friend_requests_by_recipient ON friend_requests (to_user_id, id);

CREATE TABLE friendships (
  low_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  high_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (low_id, high_id),
  CHECK (low_id < high_id)
);
CREATE INDEX friendships_by_high ON friendships (high_id, low_id);

CREATE TABLE blocks (
  blocker_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  blocked_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (blocker_id, blocked_id),
  CHECK (blocker_id <> blocked_id)
);
CREATE INDEX blocks_by_blocked ON blocks (blocked_id, blocker_id);

CREATE FUNCTION are_friends(a bigint, b bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM friendships WHERE low_id = least(a, b) AND high_id = greatest(a, b))
$$;

CREATE FUNCTION has_block_between(a bigint, b bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (
    SELECT FROM blocks WHERE (blocker_id = a AND blocked_id = b) OR (blocker_id = b AND blocked_id = a)
  )
$$;

-- Whether sender may write to recipient in a direct room: neither blocked the other, and the recipient lets them.
CREATE FUNCTION may_message(sender bigint, recipient bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT NOT has_block_between(sender, recipient)
    AND EXISTS (
      SELECT FROM users
      WHERE id = recipient AND (allow_direct_messages = 'everyone' OR are_friends(sender, recipient))
    )
$$;

CREATE TABLE rooms (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('direct', 'group')),
  name text NOT NULL DEFAULT '',
  image text,
  -- 'low:high', the two people of a direct room: one room a pair
  direct_key text UNIQUE,
  share_id uuid UNIQUE,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  -- the last number given to an event and to a message of this room
  event_seq bigint NOT NULL DEFAULT 0,
  message_no bigint NOT NULL DEFAULT 0,
  -- the newest message that is not deleted
  last_message_id bigint,
  -- the latest time given to a message; times of one room only grow, by a millisecond at least
  last_message_at timestamptz(3),
  -- what the chat list is ordered by: the last message, or the making of the room
  active_at timestamptz(3) NOT NULL DEFAULT now(),
  CHECK ((kind = 'direct') = (direct_key IS NOT NULL)),
  CHECK (kind = 'group' OR share_id IS NULL)
) WITH (fillfactor = 50);

CREATE TABLE room_members (
  room_id bigint NOT NULL REFERENCES rooms ON DELETE CASCADE,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  role text NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'admin')),
  joined_at timestamptz(3) NOT NULL DEFAULT now(),
  -- everything up to this number is read, and so are this many of one's own messages after it
  read_no bigint NOT NULL DEFAULT 0,
  own_unread integer NOT NULL DEFAULT 0,
  -- a direct room is hidden from its member as long as it has no message after this number
  hidden_no bigint,
  muted_until timestamptz(3),
  PRIMARY KEY (room_id, user_id)
) WITH (fillfactor = 70);
CREATE INDEX room_members_by_user ON room_members (user_id, room_id);

CREATE TABLE messages (
  room_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  no bigint NOT NULL,
  sender_id bigint NOT NULL,
  client_id text,
  -- of what was first sent under client_id, so that a retry is told from another message even after an edit
  payload_hash bytea,
  content text NOT NULL,
  image text,
  created_at timestamptz(3) NOT NULL,
  edited_at timestamptz(3),
  deleted_at timestamptz(3),
  PRIMARY KEY (room_id, id)
);
CREATE UNIQUE INDEX messages_once_per_client_id ON messages (room_id, sender_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX messages_deleted ON messages (room_id, no) WHERE deleted_at IS NOT NULL;

-- What a member has not read: numbers after read_no, but for one's own messages and for those deleted by now.
CREATE FUNCTION unread_count(member room_members, room rooms) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT greatest(0, room.message_no - member.read_no - member.own_unread - (
    SELECT count(*) FROM messages
    WHERE room_id = room.id AND no > member.read_no AND deleted_at IS NOT NULL AND sender_id <> member.user_id
  ))
$$;

CREATE TABLE read_receipts (
  room_id bigint NOT NULL,
  user_id bigint NOT NULL,
  up_to_no bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  read_at timestamptz(3) NOT NULL DEFAULT now(),
  -- of somebody who sends no receipts: only they themselves see it
  is_private boolean NOT NULL DEFAULT false,
  PRIMARY KEY (room_id, user_id, up_to_no)
);

CREATE TABLE room_events (
  room_id bigint NOT NULL,
  seq bigint NOT NULL,
  type text NOT NULL,
  message_id bigint,
  data jsonb,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (room_id, seq)
);
CREATE INDEX room_events_by_age ON room_events USING brin (created_at);

-- The last number given to an event of a person's own topic; apart from users, whose rows are wide and read often.
CREATE TABLE user_positions (
  user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  event_seq bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE user_events (
  user_id bigint NOT NULL,
  seq bigint NOT NULL,
  type text NOT NULL,
  data jsonb,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, seq)
);
CREATE INDEX user_events_by_age ON user_events USING brin (created_at);

-- How far each background consumer of the log has come in each room.
CREATE TABLE consumer_positions (
  consumer text NOT NULL,
  room_id bigint NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (consumer, room_id)
) WITH (fillfactor = 50);

CREATE TABLE notifications (
  user_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  type text NOT NULL CHECK (type IN ('new_message', 'mention', 'room_invite', 'friend_request', 'system')),
  sender_id bigint,
  room_id bigint,
  message_id bigint,
  message_no bigint,
  content text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  is_read boolean NOT NULL DEFAULT false,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE NOT is_read;
CREATE INDEX notifications_unread_by_room ON notifications (user_id, room_id, message_no)
  WHERE NOT is_read AND message_no IS NOT NULL;

-- Facts about this database, such as the epoch that changes when it is restored from a backup.
CREATE TABLE instance (
  key text PRIMARY KEY,
  value text NOT NULL
);
INSERT INTO instance VALUES ('epoch', gen_random_uuid()::text);
