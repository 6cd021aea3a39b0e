-- MERGE, windows and samples see a role's own rows of a user table.
CREATE ROLE merge_alice;
CREATE ROLE merge_bob;
CREATE SCHEMA merging;
GRANT USAGE ON SCHEMA merging TO merge_alice, merge_bob;
SET search_path = merging;
CREATE TABLE notes (id int PRIMARY KEY, n int) WITH (type = 'user');
CREATE TABLE source (id int, n int);
INSERT INTO source VALUES (1, 10), (2, 20);
GRANT ALL ON notes, source TO merge_alice, merge_bob;
SET ROLE merge_alice;
MERGE INTO notes USING source ON notes.id = source.id WHEN MATCHED THEN UPDATE SET n = notes.n + source.n WHEN NOT MATCHED THEN INSERT VALUES (source.id, source.n);
MERGE INTO notes USING source ON notes.id = source.id WHEN MATCHED THEN UPDATE SET n = notes.n + source.n WHEN NOT MATCHED THEN INSERT VALUES (source.id, source.n);
SELECT *, sum(n) OVER (ORDER BY id) FROM notes ORDER BY id;
SET ROLE merge_bob;
SELECT count(*) FROM notes;
MERGE INTO notes USING source ON notes.id = source.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND source.id = 1 THEN INSERT (id) VALUES (source.id);
SELECT * FROM notes TABLESAMPLE bernoulli (100);
SELECT s.id, (SELECT count(*) FROM notes o WHERE o.id = s.id) FROM source s ORDER BY 1;
RESET ROLE;
SET kalamdb.all_users = on;
SELECT _user_id, count(*), rank() OVER (ORDER BY count(*)) FROM notes GROUP BY 1 ORDER BY 1;
RESET kalamdb.all_users;
-- Streams are append-only.
CREATE TABLE events (id int, v int) WITH (type = 'stream', ttl = '1 hour');
MERGE INTO events USING source ON true WHEN NOT MATCHED THEN INSERT VALUES (1, 2);
