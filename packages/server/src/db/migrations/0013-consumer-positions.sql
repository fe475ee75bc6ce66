-- Moves the position of a consumer in some rooms from where it found each to where it has come, and answers the rooms in
-- which it did: not those whose position another server has moved since, or is moving.
CREATE FUNCTION move_positions(consumer_name text, room_ids bigint[], afters bigint[], up_tos bigint[])
RETURNS TABLE (room_id bigint) LANGUAGE sql AS $$
  WITH given AS MATERIALIZED (
    SELECT * FROM unnest(room_ids, afters, up_tos) AS g (room_id, after, up_to)
  ), held AS MATERIALIZED (
    SELECT p.room_id, g.up_to FROM consumer_positions p JOIN given g ON g.room_id = p.room_id
    WHERE p.consumer = consumer_name AND p.seq = g.after
    ORDER BY p.room_id FOR UPDATE OF p SKIP LOCKED
  ), moved AS (
    UPDATE consumer_positions p SET seq = h.up_to FROM held h
    WHERE p.consumer = consumer_name AND p.room_id = h.room_id
    RETURNING p.room_id
  ), begun AS (
    INSERT INTO consumer_positions (consumer, room_id, seq)
    SELECT consumer_name, g.room_id, g.up_to FROM given g WHERE g.after = 0 ORDER BY g.room_id
    ON CONFLICT DO NOTHING
    RETURNING consumer_positions.room_id
  )
  SELECT moved.room_id FROM moved UNION ALL SELECT begun.room_id FROM begun
$$;

-- Moves the positions of the consumer 'notifications', and in the rooms in which it did stores a notification for every
-- member who is to be told of a message: everyone but its sender, those who have muted the room, those who were not in it
-- yet, and those between whom and the sender there is a block. In rooms of more than max_members only those who are
-- mentioned are told. What its reader has read already is stored as read.
--
-- Answers a row with `moved` for each room, and one with `told` for each notification that is new to its reader, at most
-- the newest max_each of each reader.
CREATE FUNCTION tell_members(
  room_ids bigint[], afters bigint[], up_tos bigint[],
  message_rooms bigint[], message_ids bigint[], mention_messages bigint[], mention_users bigint[],
  max_members integer, max_each integer
) RETURNS TABLE (moved bigint, told notifications) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  moved_ids bigint[] := ARRAY(SELECT room_id FROM move_positions('notifications', room_ids, afters, up_tos));
BEGIN
  -- Waits for those who are just marking these rooms as read, each room by the key of `lockRoomForReading`; what follows
  -- sees what they have committed.
  PERFORM pg_advisory_xact_lock(1179207, keys.key)
  FROM (SELECT DISTINCT hashint8(id) AS key FROM unnest(moved_ids) AS r (id) ORDER BY 1) keys;
  RETURN QUERY SELECT id, NULL::notifications FROM unnest(moved_ids) AS r (id);
  RETURN QUERY
  WITH mentioned AS MATERIALIZED (
    SELECT DISTINCT * FROM unnest(mention_messages, mention_users) AS x (message_id, user_id)
  ), places AS MATERIALIZED (
    SELECT r.id, max_members >= (
      SELECT count(*) FROM (SELECT FROM room_members c WHERE c.room_id = r.id LIMIT max_members + 1) counted
    ) AS tells_all
    FROM rooms r WHERE r.id = ANY (moved_ids) AND r.deleted_at IS NULL
  ), sent AS MATERIALIZED (
    SELECT m.room_id, m.id, m.no, m.sender_id, m.created_at, p.tells_all
    FROM unnest(message_rooms, message_ids) AS e (room_id, id)
    JOIN places p ON p.id = e.room_id
    JOIN messages m ON m.room_id = e.room_id AND m.id = e.id
    WHERE m.deleted_at IS NULL
  ), candidates AS (
    SELECT s.*, rm.user_id, rm.read_no, rm.muted_until, rm.joined_at, x.user_id IS NOT NULL AS is_mention
    FROM sent s
    JOIN room_members rm ON rm.room_id = s.room_id
    LEFT JOIN mentioned x ON x.message_id = s.id AND x.user_id = rm.user_id
    WHERE s.tells_all
    UNION ALL
    SELECT s.*, rm.user_id, rm.read_no, rm.muted_until, rm.joined_at, true
    FROM sent s
    JOIN mentioned x ON x.message_id = s.id
    JOIN room_members rm ON rm.room_id = s.room_id AND rm.user_id = x.user_id
    WHERE NOT s.tells_all
  ), stored AS (
    INSERT INTO notifications (user_id, type, sender_id, room_id, message_id, message_no, is_read)
    SELECT c.user_id, CASE WHEN c.is_mention THEN 'mention' ELSE 'new_message' END, c.sender_id, c.room_id, c.id, c.no,
      c.no <= c.read_no
    FROM candidates c
    WHERE c.user_id <> c.sender_id
      AND (c.muted_until IS NULL OR c.muted_until <= now())
      -- both times are rounded to milliseconds
      AND c.joined_at <= c.created_at + interval '1 millisecond'
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = c.user_id AND b.blocked_id = c.sender_id)
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = c.sender_id AND b.blocked_id = c.user_id)
    ORDER BY c.id, c.user_id
    RETURNING notifications
  ), unread AS (
    SELECT s.notifications AS told,
      row_number() OVER (PARTITION BY (s.notifications).user_id ORDER BY (s.notifications).id DESC) AS place
    FROM stored s WHERE NOT (s.notifications).is_read
  )
  SELECT NULL::bigint, u.told FROM unread u WHERE u.place <= max_each ORDER BY (u.told).id;
END
$$;
