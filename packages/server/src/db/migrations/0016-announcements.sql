-- What staff tell everyone, until everyone is told: a part of them at a time, in the order of their ids.
CREATE TABLE announcements (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  content text NOT NULL,
  -- who made it, and was told at once
  announcer_id bigint NOT NULL,
  told_up_to bigint NOT NULL DEFAULT 0,
  -- the newest person at that time
  last_user_id bigint NOT NULL
);
