-- ALTER TABLE … SET (type = …): rows move between the one space of all and the users' own
CREATE ROLE type_alice;
CREATE ROLE type_owner;
GRANT CREATE ON SCHEMA public TO type_owner;
CREATE TABLE notes (id int PRIMARY KEY, owner text, body text, size int GENERATED ALWAYS AS (length(body)) STORED);
CREATE UNIQUE INDEX notes_body ON notes (body);
CREATE INDEX notes_words ON notes USING gin (string_to_array(body, ' '));
INSERT INTO notes VALUES (1, 'type_alice', 'milk and bread'), (2, 'type_bob', 'tea'), (3, 'postgres', 'salt');
GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO type_alice;
ANALYZE notes;

-- whose rows they become has to be said
ALTER TABLE notes SET (type = 'user');
ALTER TABLE notes SET (type = 'user', user_id_column = 'nobody');
ALTER TABLE notes SET (type = 'user', user_id_column = 'owner', user_id = 'x');
ALTER TABLE notes SET (type = 'user', user_id = '');
ALTER TABLE notes SET (user_id = 'x');
ALTER TABLE notes SET (type = 'other');
ALTER TABLE notes SET (type = 'stream', user_id = 'x');
UPDATE notes SET owner = NULL WHERE id = 3;
ALTER TABLE notes SET (type = 'user', user_id_column = 'owner');
UPDATE notes SET owner = '' WHERE id = 3;
ALTER TABLE notes SET (type = 'user', user_id_column = 'owner');
UPDATE notes SET owner = 'postgres' WHERE id = 3;

-- by a column
BEGIN;
ALTER TABLE notes SET (type = 'user', user_id_column = 'owner');
SELECT * FROM notes;
ROLLBACK;
SELECT * FROM notes ORDER BY id;
ALTER TABLE notes SET (type = 'user', user_id_column = 'owner', fillfactor = 90);
SELECT * FROM notes;
SELECT count(*) FROM pg_stats WHERE tablename = 'notes' AND most_common_vals IS NOT NULL;
SET ROLE type_alice;
SELECT * FROM notes;
SELECT id FROM notes WHERE string_to_array(body, ' ') @> '{bread}';
INSERT INTO notes VALUES (2, 'mine', 'tea');
INSERT INTO notes VALUES (4, 'mine', 'tea');
RESET ROLE;
SET kalamdb.all_users = on;
SELECT *, _user_id FROM notes ORDER BY _user_id, id;
RESET kalamdb.all_users;
SELECT reloptions FROM pg_class WHERE oid = 'notes'::regclass;

-- back: keys of several users meet
ALTER TABLE notes SET (type = 'shared');
SET kalamdb.user_id = 'type_alice';
DELETE FROM notes WHERE id = 2;
RESET kalamdb.user_id;
ALTER TABLE notes SET (type = 'shared', user_id = 'x');
ALTER TABLE notes SET (type = 'shared', user_id_column = 'size');
UPDATE notes SET owner = 'forgotten';
ALTER TABLE notes SET (type = 'shared', user_id_column = 'owner');
SELECT * FROM notes ORDER BY id;
SELECT reloptions FROM pg_class WHERE oid = 'notes'::regclass;
INSERT INTO notes VALUES (5, 'x', 'tea');
ALTER TABLE notes SET (type = 'user', user_id = 'type_alice');
SELECT count(*) FROM notes;
SET ROLE type_alice;
SELECT count(*) FROM notes;
RESET ROLE;
ALTER TABLE notes RESET (type);
SELECT count(*) FROM notes;

-- streams
ALTER TABLE notes SET (type = 'stream', user_id_column = 'owner');
ALTER TABLE notes SET (type = 'stream', ttl = '1 hour', user_id_column = 'owner');
ALTER TABLE notes DROP COLUMN size;
ALTER TABLE notes SET (type = 'stream', ttl = '1 hour', user_id_column = 'owner');
SELECT * FROM notes;
UPDATE notes SET body = 'x';
ALTER TABLE notes SET (ttl = '2 hours');
ALTER TABLE notes SET (ttl = '-1 hours');
ALTER TABLE notes RESET (ttl);
SELECT reloptions FROM pg_class WHERE oid = 'notes'::regclass;
ALTER TABLE notes SET (type = 'user');
UPDATE notes SET body = 'x';
SELECT reloptions FROM pg_class WHERE oid = 'notes'::regclass;
DROP TABLE notes;

-- an owner alone may not
SET ROLE type_owner;
CREATE TABLE own (id int);
ALTER TABLE own SET (type = 'user');
ALTER TABLE own SET (fillfactor = 50);
ALTER TABLE own SET (nonsense = 1);
CREATE FUNCTION own_check(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END';
ALTER TABLE own ADD CHECK (own_check(id));
RESET ROLE;
ALTER TABLE own SET (type = 'user');
ALTER TABLE own OWNER TO CURRENT_USER;
ALTER TABLE own SET (type = 'user');
\d+ own
DROP TABLE own;
DROP FUNCTION own_check;

-- foreign keys
CREATE TABLE lists (id int PRIMARY KEY, owner text);
CREATE TABLE items (id int PRIMARY KEY, list int REFERENCES lists ON DELETE CASCADE, owner text);
INSERT INTO lists VALUES (1, 'type_alice'), (2, 'type_bob');
INSERT INTO items VALUES (1, 1, 'type_alice'), (2, 2, 'type_alice');
ALTER TABLE lists SET (type = 'user', user_id_column = 'owner');
ALTER TABLE items SET (type = 'user', user_id_column = 'owner');
ALTER TABLE lists SET (type = 'user', user_id_column = 'owner');
SET kalamdb.user_id = 'type_alice';
DELETE FROM items WHERE id = 2;
RESET kalamdb.user_id;
ALTER TABLE lists SET (type = 'user', user_id_column = 'owner');
ALTER TABLE items SET (type = 'shared');
ALTER TABLE lists SET (type = 'stream', ttl = '1 h');
ALTER TABLE lists SET (type = 'shared');
ALTER TABLE items SET (type = 'shared');
SELECT * FROM items;
DROP TABLE lists, items;
CREATE TABLE tree (id int PRIMARY KEY, up int REFERENCES tree, owner text);
INSERT INTO tree VALUES (1, NULL, 'a'), (2, 1, 'b');
ALTER TABLE tree SET (type = 'user', user_id_column = 'owner');
UPDATE tree SET owner = 'a';
ALTER TABLE tree SET (type = 'user', user_id_column = 'owner');
ALTER TABLE tree SET (type = 'shared');
TABLE tree;
DROP TABLE tree;

-- materialized views would show everybody's rows
CREATE TABLE base (id int);
CREATE VIEW over AS SELECT * FROM base;
CREATE MATERIALIZED VIEW kept AS SELECT * FROM over;
ALTER TABLE base SET (type = 'user');
ALTER MATERIALIZED VIEW kept SET (type = 'user');
DROP MATERIALIZED VIEW kept;
ALTER TABLE base SET (type = 'user');
DROP TABLE base CASCADE;
CREATE TEMP TABLE passing (id int);
ALTER TABLE passing SET (type = 'user');

-- all tables of a tree
CREATE TABLE events (at int, who text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10);
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (10) TO (20);
INSERT INTO events VALUES (1, 'type_alice'), (11, 'type_alice'), (12, 'postgres');
ALTER TABLE events_1 SET (type = 'user', user_id_column = 'who');
ALTER TABLE ONLY events SET (type = 'user', user_id_column = 'who');
ALTER TABLE events SET (type = 'user', user_id_column = 'who');
SELECT * FROM events;
SELECT relname, reloptions FROM pg_class WHERE oid IN ('events'::regclass, 'events_1'::regclass, 'events_2'::regclass) ORDER BY relname;
SET kalamdb.all_users = on;
SELECT *, tableoid::regclass, _user_id FROM events ORDER BY at;
RESET kalamdb.all_users;
ALTER TABLE events RESET (type);
SELECT *, tableoid::regclass FROM events ORDER BY at;
DROP TABLE events;

-- row_security = off asks for all rows or an error, as for policies
CREATE TABLE own (id int) WITH (type = 'user');
INSERT INTO own VALUES (1);
SET row_security = off;
SELECT * FROM own;
INSERT INTO own VALUES (2);
SET kalamdb.all_users = on;
SELECT * FROM own ORDER BY id;
RESET row_security;
-- rows of all users, out and in
COPY own (id, _user_id) TO stdout;
RESET kalamdb.all_users;
COPY own (id, _user_id) FROM stdin;
7	type_alice
\.
COPY own (_user_id, id) FROM stdin;
\N	7
\.
SET ROLE type_alice;
SELECT * FROM own;
RESET ROLE;
GRANT INSERT, SELECT ON own TO type_alice;
SET ROLE type_alice;
SELECT * FROM own;
COPY own (id, _user_id) TO stdout;
RESET ROLE;
DROP TABLE own;
REVOKE CREATE ON SCHEMA public FROM type_owner;
DROP ROLE type_alice, type_owner;
