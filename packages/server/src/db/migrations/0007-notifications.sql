-- Old notifications are found by their time; rows are written in its order, so a small index will do.
CREATE INDEX notifications_by_age ON notifications USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
