-- Chat rooms with unread counts. Each user has a copy of what concerns them, so that nobody can ever read another's: a message is written
-- to each member of its room.
CREATE SCHEMA chat;
CREATE TABLE chat.rooms (id int PRIMARY KEY, name text NOT NULL, seen int NOT NULL DEFAULT 0) WITH (type = 'user');
CREATE TABLE chat.messages (
  id int,
  room int REFERENCES chat.rooms,
  author text NOT NULL,
  body text NOT NULL,
  sent timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (room, id)
) WITH (type = 'user');

-- Shared: who is in which room, and how many messages it has had.
CREATE TABLE chat.room (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, last int NOT NULL DEFAULT 0);
CREATE TABLE chat.member (room int REFERENCES chat.room, name text, PRIMARY KEY (room, name));

CREATE ROLE chat_app LOGIN PASSWORD 'chat';
GRANT kalamdb_service TO chat_app;
GRANT USAGE ON SCHEMA chat TO chat_app;
GRANT ALL ON ALL TABLES IN SCHEMA chat TO chat_app;
