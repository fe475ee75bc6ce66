-- The images of a room, newest first. Only messages with one are in it, so that a text costs nothing more.
CREATE INDEX messages_with_image ON messages (room_id, id) WHERE image IS NOT NULL;
