-- Every user's rows of a partitioned user table are in that user's part of each partition.
CREATE ROLE part_ann LOGIN;
CREATE ROLE part_ben LOGIN;
CREATE TABLE notes (id int, day date, body text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day) WITH (type = 'user');
CREATE TABLE notes_old PARTITION OF notes FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE notes_new PARTITION OF notes FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
-- All tables of a tree are of one type.
CREATE TABLE notes_shared PARTITION OF notes DEFAULT WITH (type = 'shared');
CREATE TABLE loose (id int NOT NULL, day date NOT NULL, body text);
ALTER TABLE notes ATTACH PARTITION loose DEFAULT;
CREATE TABLE loose_child () INHERITS (loose) WITH (type = 'user');
GRANT ALL ON notes, notes_old, notes_new TO part_ann, part_ben;
SET ROLE part_ann;
INSERT INTO notes VALUES (1, '2023-05-05', 'ann, old'), (2, '2024-05-05', 'ann, new');
SET ROLE part_ben;
-- The same keys are another user's too.
INSERT INTO notes VALUES (1, '2023-05-05', 'ben, old');
SELECT tableoid::regclass, * FROM notes ORDER BY id;
SELECT * FROM notes_new;
UPDATE notes SET day = '2025-01-01' RETURNING tableoid::regclass, *;
INSERT INTO notes VALUES (1, '2025-01-01', 'again') ON CONFLICT (id, day) DO UPDATE SET body = excluded.body RETURNING *;
SET ROLE part_ann;
SELECT tableoid::regclass, * FROM notes ORDER BY id;
UPDATE notes SET body = upper(body);
DELETE FROM notes WHERE id = 2 RETURNING *;
MERGE INTO notes USING (VALUES (1, date '2023-05-05'), (9, '2026-01-01')) v (id, day) ON notes.id = v.id
  WHEN MATCHED THEN UPDATE SET day = '2024-02-02' WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.day, 'merged');
SELECT tableoid::regclass, * FROM notes ORDER BY id FOR UPDATE;
SET ROLE part_ben;
SELECT tableoid::regclass, * FROM notes ORDER BY id;
DELETE FROM notes;
-- A live query has one table's rows.
LISTEN notes;
LISTEN notes_new;
UNLISTEN *;
RESET ROLE;
SET kalamdb.all_users = on;
SELECT _user_id, tableoid::regclass, * FROM notes ORDER BY id;
UPDATE notes SET day = '2020-01-01' WHERE id = 9;
SELECT _user_id, tableoid::regclass, * FROM notes ORDER BY id;
RESET kalamdb.all_users;
-- Inheritance, the same.
CREATE TABLE things (id int PRIMARY KEY, name text) WITH (type = 'user');
CREATE TABLE tools (weight int) INHERITS (things);
SELECT relname, reloptions FROM pg_class WHERE relname IN ('things', 'tools') ORDER BY 1;
GRANT ALL ON things, tools TO part_ann, part_ben;
SET ROLE part_ann;
INSERT INTO things VALUES (1, 'ann');
INSERT INTO tools VALUES (1, 'ann too', 5);
SET ROLE part_ben;
SELECT * FROM things;
UPDATE things SET name = 'ben';
DELETE FROM things;
SET ROLE part_ann;
SELECT tableoid::regclass, * FROM things;
SELECT * FROM ONLY things;
LISTEN things;
RESET ROLE;
DROP TABLE notes, things CASCADE;
DROP TABLE loose;
DROP ROLE part_ann, part_ben;
