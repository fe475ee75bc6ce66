-- What people say of themselves while they are here; who is invisible seems offline to everyone else.
ALTER TABLE users ADD COLUMN presence_status text NOT NULL DEFAULT 'online'
  CHECK (presence_status IN ('online', 'away', 'dnd', 'invisible'));

-- Whether a person lets others see their presence now. Whether this other one may is asked besides.
CREATE FUNCTION shows_presence(visibility text, status text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT visibility = 'everyone' AND status <> 'invisible'
$$;
