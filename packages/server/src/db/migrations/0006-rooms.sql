-- A deleted group stays as an empty row, so that its events keep their place; this says when what was said in it went.
ALTER TABLE rooms ADD COLUMN purged_at timestamptz(3);
CREATE INDEX rooms_to_purge ON rooms (deleted_at, id) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
