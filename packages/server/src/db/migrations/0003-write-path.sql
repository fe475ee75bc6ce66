-- The write path as functions: one round trip a batch, and each statement inside sees what was committed while it
-- waited for the rooms' locks (READ COMMITTED takes a new snapshot for every statement of a volatile function).

-- Stores a batch of messages. Rooms are locked in the order of their ids, so that batches cannot deadlock. Answers one
-- row for each message: 'new' with what it got, 'stored' or 'client_id_conflict' with the message that has its
-- client_id already, 'room_not_found', or 'cannot_message'.
CREATE FUNCTION write_messages(
  room_ids bigint[], sender_ids bigint[], client_ids text[], payload_hashes bytea[], contents text[], images text[]
) RETURNS TABLE (ord bigint, outcome text, id bigint, no bigint, seq bigint, created_at timestamptz)
LANGUAGE plpgsql
-- Planning takes longer than running it, and a plan made while a table was empty must not read it from end to end later.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  at timestamptz;
BEGIN
  PERFORM 1 FROM rooms WHERE rooms.id = ANY (room_ids) ORDER BY rooms.id FOR NO KEY UPDATE;
  at := date_trunc('milliseconds', clock_timestamp());
  RETURN QUERY
  WITH given AS MATERIALIZED (
    SELECT * FROM unnest(room_ids, sender_ids, client_ids, payload_hashes, contents, images)
      WITH ORDINALITY AS i (room_id, sender_id, client_id, payload_hash, content, image, ord)
  ), senders AS MATERIALIZED (
    -- Once for all that somebody has in the batch.
    SELECT p.room_id, p.sender_id, r.message_no, r.event_seq, r.last_message_at,
      CASE
        WHEN m.user_id IS NULL OR r.deleted_at IS NOT NULL THEN 'room_not_found'
        WHEN r.kind = 'direct' AND NOT (
          SELECT bool_and(may_message(p.sender_id, o.user_id))
          FROM room_members o WHERE o.room_id = p.room_id AND o.user_id <> p.sender_id
        ) THEN 'cannot_message'
        ELSE 'new'
      END AS outcome
    FROM (SELECT DISTINCT g.room_id, g.sender_id FROM given g) p
    LEFT JOIN rooms r ON r.id = p.room_id
    LEFT JOIN room_members m ON m.room_id = p.room_id AND m.user_id = p.sender_id
  ), judged AS (
    SELECT g.*, p.message_no, p.event_seq, p.last_message_at, s.id AS stored_id,
      CASE
        WHEN p.outcome = 'room_not_found' OR s.id IS NULL THEN p.outcome
        WHEN s.payload_hash = g.payload_hash THEN 'stored'
        ELSE 'client_id_conflict'
      END AS outcome
    FROM given g
    JOIN senders p ON p.room_id = g.room_id AND p.sender_id = g.sender_id
    LEFT JOIN messages s
      ON g.client_id IS NOT NULL AND s.room_id = g.room_id AND s.sender_id = g.sender_id AND s.client_id = g.client_id
  ), placed AS (
    SELECT j.*, count(*) FILTER (WHERE j.outcome = 'new') OVER (PARTITION BY j.room_id ORDER BY j.ord) AS place
    FROM judged j
  ), decided AS MATERIALIZED (
    SELECT p.*,
      CASE WHEN p.outcome = 'new' THEN nextval('messages_id_seq') ELSE p.stored_id END AS id,
      CASE WHEN p.outcome = 'new' THEN p.message_no + p.place END AS no,
      CASE WHEN p.outcome = 'new' THEN p.event_seq + p.place END AS seq,
      CASE WHEN p.outcome = 'new' THEN
        greatest(at, p.last_message_at + interval '1 millisecond') + (p.place - 1) * interval '1 millisecond'
      END AS created_at
    FROM placed p
  ), stored AS (
    INSERT INTO messages (room_id, id, no, sender_id, client_id, payload_hash, content, image, created_at)
    OVERRIDING SYSTEM VALUE
    SELECT d.room_id, d.id, d.no, d.sender_id, d.client_id, d.payload_hash, d.content, d.image, d.created_at
    FROM decided d WHERE d.outcome = 'new'
  ), logged AS (
    INSERT INTO room_events (room_id, seq, type, message_id, created_at)
    SELECT d.room_id, d.seq, 'message.created', d.id, at FROM decided d WHERE d.outcome = 'new'
  ), moved AS (
    UPDATE rooms SET
      message_no = b.no, event_seq = b.seq, last_message_id = b.id, last_message_at = b.created_at,
      active_at = b.created_at
    FROM (
      SELECT d.room_id, max(d.no) AS no, max(d.seq) AS seq, max(d.id) AS id, max(d.created_at) AS created_at
      FROM decided d WHERE d.outcome = 'new' GROUP BY d.room_id
    ) b
    WHERE rooms.id = b.room_id
  ), own AS (
    UPDATE room_members SET own_unread = room_members.own_unread + c.written
    FROM (
      SELECT d.room_id, d.sender_id, count(*) AS written
      FROM decided d WHERE d.outcome = 'new' GROUP BY d.room_id, d.sender_id
    ) c
    WHERE room_members.room_id = c.room_id AND room_members.user_id = c.sender_id
  )
  SELECT d.ord, d.outcome, d.id, d.no, d.seq, d.created_at FROM decided d;
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
