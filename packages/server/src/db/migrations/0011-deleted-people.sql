-- A deleted person stays as a row without anything of them, so that what they said keeps a sender. Their username has a
-- colon, which no name that is registered can have.
ALTER TABLE users ADD COLUMN deleted_at timestamptz(3);

-- Deleted people are written to by nobody, and write to nobody.
CREATE OR REPLACE FUNCTION may_message(sender bigint, recipient bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT NOT has_block_between(sender, recipient)
    AND EXISTS (
      SELECT FROM users
      WHERE id = recipient AND deleted_at IS NULL
        AND (allow_direct_messages = 'everyone' OR are_friends(sender, recipient))
    )
    AND EXISTS (SELECT FROM users WHERE id = sender AND deleted_at IS NULL)
$$;

-- Nothing comes to be between a deleted person and anyone. What was checked while they were still there waits here for
-- their deletion to commit, and then fails like a transaction that Postgres gave up on: the server tries it anew, and
-- by then the check knows. The arguments are the columns that name people.
CREATE FUNCTION require_living() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  person record;
BEGIN
  FOR person IN
    SELECT deleted_at FROM users
    WHERE id = ANY (ARRAY(SELECT (to_jsonb(NEW) ->> name)::bigint FROM unnest(TG_ARGV) AS a (name)))
    ORDER BY id FOR KEY SHARE
  LOOP
    IF person.deleted_at IS NOT NULL THEN
      RAISE EXCEPTION 'a person was deleted meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
  END LOOP;
  RETURN NEW;
END
$$;
CREATE TRIGGER require_living BEFORE INSERT ON friend_requests
  FOR EACH ROW EXECUTE FUNCTION require_living('from_user_id', 'to_user_id');
CREATE TRIGGER require_living BEFORE INSERT ON friendships
  FOR EACH ROW EXECUTE FUNCTION require_living('low_id', 'high_id');
CREATE TRIGGER require_living BEFORE INSERT ON blocks
  FOR EACH ROW EXECUTE FUNCTION require_living('blocker_id', 'blocked_id');
CREATE TRIGGER require_living BEFORE INSERT ON room_members
  FOR EACH ROW EXECUTE FUNCTION require_living('user_id');
