-- Images: one row a stored image. The files lie in the image store under names made from the key and the content type.
--
-- A row is written before its files and deleted after them, so that no file is ever without a row to find it by. It is
-- attached in the transaction that gives the image a place (a profile, a group, a message), and detached in the one that
-- takes it away; the sweep deletes what was never attached, or detached, a day later.
--
-- No foreign keys: a room or a person may go at once, their images follow by the sweep.

CREATE TABLE media (
  key text PRIMARY KEY CHECK (key ~ '^[0-9a-f]{40}$'),
  kind text NOT NULL CHECK (kind IN ('profile', 'group', 'message')),
  owner_id bigint NOT NULL,
  room_id bigint,
  content_type text NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'image/webp')),
  width integer NOT NULL CHECK (width > 0),
  height integer NOT NULL CHECK (height > 0),
  bytes integer NOT NULL CHECK (bytes > 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  attached_at timestamptz(3),
  detached_at timestamptz(3)
);
CREATE INDEX media_never_attached ON media (created_at) WHERE attached_at IS NULL;
CREATE INDEX media_detached ON media (detached_at) WHERE detached_at IS NOT NULL;
CREATE INDEX media_by_room ON media (room_id) WHERE room_id IS NOT NULL;
