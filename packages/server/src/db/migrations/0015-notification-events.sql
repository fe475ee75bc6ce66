-- Everybody has the position of their own topic from the beginning: whoever made it at its first use waited for those who
-- had the person, while those waited for it.
CREATE FUNCTION begin_topics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO user_positions (user_id) SELECT id FROM begun ORDER BY id ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER begin_topics AFTER INSERT ON users REFERENCING NEW TABLE AS begun
  FOR EACH STATEMENT EXECUTE FUNCTION begin_topics();
INSERT INTO user_positions (user_id) SELECT id FROM users ORDER BY id ON CONFLICT DO NOTHING;

-- What people are told of is in the logs of their own topics from now on, so tell_members records it, too.
DROP FUNCTION tell_members(bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], integer, integer);

-- Moves the positions of the consumer 'notifications', and in the rooms in which it did stores a notification for every
-- member who is to be told of a message: everyone but its sender, those who have muted the room, those who were not in it
-- yet, those between whom and the sender there is a block, and those whose accounts are deleted. In rooms of more than
-- max_members only those who are mentioned are told. What its reader has read already is stored as read. What is new for
-- somebody is recorded in their topic, as events with up to max_at_once notifications each.
--
-- Answers a row with `moved` for each room, and one with `told` and the number of its event for each notification of the
-- last event of each person; earlier events are left to the log.
CREATE FUNCTION tell_members(
  room_ids bigint[], afters bigint[], up_tos bigint[],
  message_rooms bigint[], message_ids bigint[], mention_messages bigint[], mention_users bigint[],
  max_members integer, max_at_once integer
) RETURNS TABLE (moved bigint, seq bigint, told notifications) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  moved_ids bigint[] := ARRAY(SELECT room_id FROM move_positions('notifications', room_ids, afters, up_tos));
  small_ids bigint[];
  large_ids bigint[];
  people bigint[];
BEGIN
  -- Waits for those who are just marking these rooms as read, each room by the key of `lockRoomForReading`; what follows
  -- sees what they have committed.
  PERFORM pg_advisory_xact_lock(1179207, keys.key)
  FROM (SELECT DISTINCT hashint8(id) AS key FROM unnest(moved_ids) AS r (id) ORDER BY 1) keys;
  RETURN QUERY SELECT id, NULL::bigint, NULL::notifications FROM unnest(moved_ids) AS r (id);

  SELECT coalesce(array_agg(p.id) FILTER (WHERE p.members <= max_members), '{}'),
    coalesce(array_agg(p.id) FILTER (WHERE p.members > max_members), '{}')
  INTO small_ids, large_ids
  FROM (
    SELECT r.id, (
      SELECT count(*) FROM (SELECT FROM room_members c WHERE c.room_id = r.id LIMIT max_members + 1) counted
    ) AS members
    FROM rooms r WHERE r.id = ANY (moved_ids) AND r.deleted_at IS NULL
  ) p;

  -- Takes the topics of all who may be told, in the order in which everyone takes them.
  people := ARRAY(
    SELECT rm.user_id FROM room_members rm WHERE rm.room_id = ANY (small_ids)
    UNION
    SELECT rm.user_id FROM room_members rm
    WHERE rm.room_id = ANY (large_ids) AND rm.user_id = ANY (mention_users)
  );
  PERFORM 1 FROM user_positions p WHERE p.user_id = ANY (people) ORDER BY p.user_id FOR NO KEY UPDATE;
  people := ARRAY(SELECT u.id FROM users u WHERE u.id = ANY (people) AND u.deleted_at IS NULL);

  RETURN QUERY
  -- Who is among the people is asked of a hash: a plan that knows nothing of how many they are would look for each of
  -- them in each room.
  WITH mentioned AS MATERIALIZED (
    SELECT DISTINCT * FROM unnest(mention_messages, mention_users) AS x (message_id, user_id)
  ), sent AS MATERIALIZED (
    SELECT m.room_id, m.id, m.no, m.sender_id, m.created_at, m.room_id = ANY (small_ids) AS tells_all
    FROM unnest(message_rooms, message_ids) AS e (room_id, id)
    JOIN messages m ON m.room_id = e.room_id AND m.id = e.id
    WHERE m.deleted_at IS NULL AND (m.room_id = ANY (small_ids) OR m.room_id = ANY (large_ids))
  ), candidates AS (
    SELECT s.*, rm.user_id, rm.read_no, rm.muted_until, rm.joined_at, x.user_id IS NOT NULL AS is_mention
    FROM sent s
    JOIN room_members rm ON rm.room_id = s.room_id
    LEFT JOIN mentioned x ON x.message_id = s.id AND x.user_id = rm.user_id
    WHERE s.tells_all AND (rm.user_id IN (SELECT u.id FROM unnest(people) AS u (id))) IS TRUE
    UNION ALL
    SELECT s.*, rm.user_id, rm.read_no, rm.muted_until, rm.joined_at, true
    FROM sent s
    JOIN mentioned x ON x.message_id = s.id
    JOIN room_members rm ON rm.room_id = s.room_id AND rm.user_id = x.user_id
    WHERE NOT s.tells_all AND (rm.user_id IN (SELECT u.id FROM unnest(people) AS u (id))) IS TRUE
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
  ), sliced AS MATERIALIZED (
    SELECT s.notifications AS told, (s.notifications).user_id, (s.notifications).id,
      (row_number() OVER (PARTITION BY (s.notifications).user_id ORDER BY (s.notifications).id) - 1) / max_at_once AS slice
    FROM stored s
  ), placed AS MATERIALIZED (
    SELECT p.user_id, p.event_seq + 1 AS first_seq, c.last_slice
    FROM user_positions p
    JOIN (SELECT user_id, max(slice) AS last_slice FROM sliced GROUP BY user_id) c ON c.user_id = p.user_id
  ), placed_on AS (
    UPDATE user_positions SET event_seq = p.first_seq + p.last_slice FROM placed p WHERE user_positions.user_id = p.user_id
  ), logged AS (
    INSERT INTO user_events (user_id, seq, type, data)
    SELECT s.user_id, p.first_seq + s.slice, 'notification.created',
      jsonb_build_object('ids', jsonb_agg(s.id ORDER BY s.id))
    FROM sliced s JOIN placed p ON p.user_id = s.user_id
    GROUP BY s.user_id, p.first_seq, s.slice
  )
  SELECT NULL::bigint, p.first_seq + p.last_slice, s.told
  FROM sliced s JOIN placed p ON p.user_id = s.user_id AND p.last_slice = s.slice
  ORDER BY s.id;
END
$$;
