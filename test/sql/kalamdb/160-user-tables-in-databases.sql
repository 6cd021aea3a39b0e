-- A user is the same in all databases, and has a partition in each table of each.
CREATE ROLE u160_ann LOGIN PASSWORD 'test-password';
CREATE ROLE u160_bob LOGIN PASSWORD 'test-password';
CREATE DATABASE k160_one;
ALTER DATABASE k160_one SET kalamdb.default_table_type = 'user';
\c k160_one
CREATE TABLE notes (id int PRIMARY KEY, body text UNIQUE);
CREATE TABLE shown (id int PRIMARY KEY) WITH (type = 'shared');
GRANT ALL ON notes TO PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO PUBLIC;
\c k160_one u160_ann
INSERT INTO notes VALUES (1, 'ann''s, in one');
\c k160_one u160_bob
INSERT INTO notes VALUES (1, 'bob''s, in one'), (2, 'bob''s other');
SELECT * FROM notes ORDER BY id;
\c postgres postgres
-- The copy has everybody's rows, each for whom it was.
CREATE DATABASE k160_two TEMPLATE k160_one;
\c k160_two u160_ann
SELECT * FROM notes ORDER BY id;
UPDATE notes SET body = 'ann''s, in two';
SELECT body FROM notes WHERE body = 'bob''s other';
\c k160_two u160_bob
SELECT * FROM notes ORDER BY id;
DELETE FROM notes WHERE id = 1;
-- Settings of the template's are not copied.
SHOW kalamdb.default_table_type;
\c k160_one u160_ann
SELECT * FROM notes ORDER BY id;
\c k160_one postgres
SET kalamdb.all_users = on;
SELECT _user_id, id, body FROM notes ORDER BY 1, 2;
\c k160_two
SET kalamdb.all_users = on;
SELECT _user_id, id, body FROM notes ORDER BY 1, 2;
SELECT relname, reloptions FROM pg_class WHERE relname IN ('notes', 'shown') ORDER BY 1;
\c postgres
DROP DATABASE k160_one;
DROP DATABASE k160_two;
DROP ROLE u160_ann, u160_bob;
