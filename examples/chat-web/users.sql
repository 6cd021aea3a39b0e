-- What the chat in the browser has besides ../chat/schema.sql. Everybody is a role of their own, and the page connects as that role: there is no
-- server of the application between it and its rows.
CREATE ROLE chat_user;
GRANT USAGE ON SCHEMA chat TO chat_user;
GRANT SELECT, UPDATE (seen) ON chat.rooms TO chat_user;
GRANT SELECT ON chat.messages TO chat_user;

-- A page that nobody has signed in to may do one thing. An application of yours has a sign-in of its own, whose tokens the database takes
-- (README, Who may connect).
CREATE ROLE chat_guest LOGIN PASSWORD 'guest';
GRANT USAGE ON SCHEMA chat TO chat_guest;

CREATE FUNCTION chat.sign_up(name text, password text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF name !~ '^[a-z][a-z0-9_]{1,30}$' OR starts_with(name, 'pg_') OR starts_with(name, 'kalamdb') THEN
    RAISE 'a name has 2 to 31 small letters, digits and underscores';
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L IN ROLE chat_user', name, password);
END $$;

CREATE FUNCTION chat.join_room(title text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  joined chat.room;
BEGIN
  INSERT INTO chat.room (name) VALUES (title) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING * INTO joined;
  INSERT INTO chat.member VALUES (joined.id, session_user) ON CONFLICT DO NOTHING;
  INSERT INTO chat.rooms VALUES (joined.id, title, joined.last) ON CONFLICT DO NOTHING;
  RETURN joined.id;
END $$;

-- What somebody has said goes into a shared table that nobody but the delivery reads (deliver.mjs), which gives each member of the room a copy.
CREATE TABLE chat.outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room int NOT NULL, author text NOT NULL, body text NOT NULL);
GRANT ALL ON chat.outbox TO chat_app;

CREATE FUNCTION chat.say(to_room int, words text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM FROM chat.member m WHERE m.room = to_room AND m.name = session_user;
  IF NOT FOUND THEN
    RAISE 'join the room first';
  END IF;
  INSERT INTO chat.outbox (room, author, body) VALUES (to_room, session_user, words);
  NOTIFY chat_outbox;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA chat FROM PUBLIC;
GRANT EXECUTE ON FUNCTION chat.sign_up TO chat_guest;
GRANT EXECUTE ON FUNCTION chat.join_room, chat.say TO chat_user;
