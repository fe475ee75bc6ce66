-- The write path as functions: one round trip a batch, and each statement inside sees what was committed while it
-- waited for the rooms' locks (READ COMMITTED takes a new snapshot for every statement of a volatile function).

-- Stores a batch of messages. Rooms are locked in the order of their ids, so that batches cannot deadlock. Answers one
-- row for each message: 'new' with what it got, 'stored' or 'client_id_conflict' with the message that has its
-- client_id already, 'room_not_found', or 'cannot_message'.
CREATE FUNCTION write_messages(
  room_ids bigint[], sender_ids bigint[], client_ids text[], payload_hashes bytea[], contents text[], images text[]
) RETURNS TABLE (ord bigint, outcome text, id bigint, no bigint, seq bigint, created_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  at timestamptz;
BEGIN
  PERFORM 1 FROM rooms WHERE rooms.id = ANY (room_ids) ORDER BY rooms.id FOR NO KEY UPDATE;
  at := date_trunc('milliseconds', clock_timestamp());
  RETURN QUERY
  WITH judged AS MATERIALIZED (
    SELECT i.*, r.message_no, r.event_seq, r.last_message_at, s.id AS stored_id,
      CASE
        WHEN m.user_id IS NULL OR r.deleted_at IS NOT NULL THEN 'room_not_found'
        WHEN s.id IS NOT NULL AND s.payload_hash = i.payload_hash THEN 'stored'
        WHEN s.id IS NOT NULL THEN 'client_id_conflict'
        WHEN r.kind = 'direct' AND NOT (
          SELECT bool_and(may_message(i.sender_id, o.user_id))
          FROM room_members o WHERE o.room_id = i.room_id AND o.user_id <> i.sender_id
        ) THEN 'cannot_message'
        ELSE 'new'
      END AS outcome
    FROM unnest(room_ids, sender_ids, client_ids, payload_hashes, contents, images)
      WITH ORDINALITY AS i (room_id, sender_id, client_id, payload_hash, content, image, ord)
    LEFT JOIN rooms r ON r.id = i.room_id
    LEFT JOIN room_members m ON m.room_id = i.room_id AND m.user_id = i.sender_id
    LEFT JOIN messages s
      ON i.client_id IS NOT NULL AND s.room_id = i.room_id AND s.sender_id = i.sender_id AND s.client_id = i.client_id
  ), numbered AS MATERIALIZED (
    SELECT judged.*, row_number() OVER (PARTITION BY judged.room_id ORDER BY judged.ord) AS place
    FROM judged WHERE judged.outcome = 'new'
  ), inserted AS (
    INSERT INTO messages (room_id, no, sender_id, client_id, payload_hash, content, image, created_at)
    SELECT n.room_id, n.message_no + n.place, n.sender_id, n.client_id, n.payload_hash, n.content, n.image,
      greatest(at, n.last_message_at + interval '1 millisecond') + (n.place - 1) * interval '1 millisecond'
    FROM numbered n ORDER BY n.ord
    RETURNING messages.room_id, messages.id, messages.no, messages.created_at
  ), logged AS (
    INSERT INTO room_events (room_id, seq, type, message_id, created_at)
    SELECT n.room_id, n.event_seq + n.place, 'message.created', w.id, at
    FROM numbered n JOIN inserted w ON w.room_id = n.room_id AND w.no = n.message_no + n.place
  ), moved AS (
    UPDATE rooms SET
      message_no = rooms.message_no + b.written,
      event_seq = rooms.event_seq + b.written,
      last_message_id = b.last_id,
      last_message_at = b.last_at,
      active_at = b.last_at
    FROM (
      SELECT w.room_id, count(*) AS written, max(w.id) AS last_id, max(w.created_at) AS last_at
      FROM inserted w GROUP BY w.room_id
    ) b
    WHERE rooms.id = b.room_id
  ), own AS (
    UPDATE room_members SET own_unread = room_members.own_unread + c.written
    FROM (SELECT n.room_id, n.sender_id, count(*) AS written FROM numbered n GROUP BY n.room_id, n.sender_id) c
    WHERE room_members.room_id = c.room_id AND room_members.user_id = c.sender_id
  )
  SELECT j.ord, j.outcome, coalesce(w.id, j.stored_id), w.no, j.event_seq + n.place, w.created_at
  FROM judged j
  LEFT JOIN numbered n ON n.ord = j.ord
  LEFT JOIN inserted w ON w.room_id = n.room_id AND w.no = n.message_no + n.place;
END
$$;

-- Logs one event in each of the rooms given (a room may be given more than once), and answers the numbers they got.
CREATE FUNCTION record_room_events(room_ids bigint[], types text[], message_ids bigint[], payloads jsonb[])
RETURNS TABLE (ord bigint, seq bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM 1 FROM rooms WHERE rooms.id = ANY (room_ids) ORDER BY rooms.id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH numbered AS MATERIALIZED (
    SELECT i.*, r.event_seq + row_number() OVER (PARTITION BY i.room_id ORDER BY i.ord) AS seq
    FROM unnest(room_ids, types, message_ids, payloads) WITH ORDINALITY AS i (room_id, type, message_id, data, ord)
    JOIN rooms r ON r.id = i.room_id
  ), moved AS (
    UPDATE rooms SET event_seq = b.seq
    FROM (SELECT n.room_id, max(n.seq) AS seq FROM numbered n GROUP BY n.room_id) b
    WHERE rooms.id = b.room_id
  ), logged AS (
    INSERT INTO room_events (room_id, seq, type, message_id, data)
    SELECT n.room_id, n.seq, n.type, n.message_id, n.data FROM numbered n
  )
  SELECT n.ord, n.seq FROM numbered n;
END
$$;

-- The same for people's own topics.
CREATE FUNCTION record_user_events(user_ids bigint[], types text[], payloads jsonb[])
RETURNS TABLE (ord bigint, seq bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO user_positions (user_id)
  SELECT DISTINCT u.id FROM unnest(user_ids) AS u (id)
  WHERE NOT EXISTS (SELECT FROM user_positions p WHERE p.user_id = u.id)
  ORDER BY u.id
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM user_positions p WHERE p.user_id = ANY (user_ids) ORDER BY p.user_id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH numbered AS MATERIALIZED (
    SELECT i.*, p.event_seq + row_number() OVER (PARTITION BY i.user_id ORDER BY i.ord) AS seq
    FROM unnest(user_ids, types, payloads) WITH ORDINALITY AS i (user_id, type, data, ord)
    JOIN user_positions p ON p.user_id = i.user_id
  ), moved AS (
    UPDATE user_positions SET event_seq = b.seq
    FROM (SELECT n.user_id, max(n.seq) AS seq FROM numbered n GROUP BY n.user_id) b
    WHERE user_positions.user_id = b.user_id
  ), logged AS (
    INSERT INTO user_events (user_id, seq, type, data)
    SELECT n.user_id, n.seq, n.type, n.data FROM numbered n
  )
  SELECT n.ord, n.seq FROM numbered n;
END
$$;
