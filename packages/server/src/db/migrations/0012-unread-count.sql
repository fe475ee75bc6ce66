-- The queries that count what is unread have the expression in them: Postgres cannot inline a function with a subquery,
-- and starting one for each of fifty rooms took longer than the rest of a list of chats.
DROP FUNCTION unread_count(room_members, rooms);
