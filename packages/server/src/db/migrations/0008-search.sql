-- The search index: one row a message that is not deleted, written by a background consumer of the log.
--
-- grams are numbers made of a piece of the text and of the room, so that the index keeps the rooms apart: looking up a
-- piece of text brings the messages of one room, however many others there are.
CREATE TABLE message_search (
  room_id bigint NOT NULL,
  message_id bigint NOT NULL,
  -- folded, with U+001F at both ends of every word
  text text NOT NULL,
  -- the folded username of the sender
  sender text NOT NULL,
  grams integer[] NOT NULL,
  PRIMARY KEY (room_id, message_id)
);
-- A short list of what is still to be sorted in, since every search has to look through it.
CREATE INDEX message_search_grams ON message_search USING gin (grams) WITH (gin_pending_list_limit = 256);
