-- A database made from one that has objects, and what each has for itself.
CREATE DATABASE d161_a;
\c d161_a
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
CREATE TABLE app.people (id serial PRIMARY KEY, name text NOT NULL UNIQUE, mood app.mood DEFAULT 'ok', age app.positive, tags text[]);
CREATE TABLE app.notes (id int GENERATED ALWAYS AS IDENTITY, person int REFERENCES app.people ON DELETE CASCADE, body text);
CREATE INDEX notes_body ON app.notes (lower(body));
CREATE INDEX people_tags ON app.people USING gin (tags);
CREATE TABLE plain (a int);
CREATE VIEW app.happy AS SELECT id, name FROM app.people WHERE mood = 'happy';
CREATE MATERIALIZED VIEW app.counted AS SELECT mood, count(*) FROM app.people GROUP BY mood;
CREATE TABLE parted (k int, v text) PARTITION BY RANGE (k);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (10) TO (20);
CREATE FUNCTION app.greet(who text) RETURNS text LANGUAGE sql AS $$ SELECT 'hello ' || who $$;
CREATE FUNCTION app.noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.body := upper(NEW.body); RETURN NEW; END $$;
CREATE TRIGGER notes_upper BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.noted();
CREATE SEQUENCE counter START 100 INCREMENT 5;
INSERT INTO app.people (name, mood, age, tags) VALUES ('ann', 'happy', 30, '{a,b}'), ('bob', 'sad', 40, '{b}'), ('cid', 'ok', 50, NULL);
DELETE FROM app.people WHERE name = 'cid';
INSERT INTO app.notes (person, body) VALUES (1, 'first'), (2, 'second');
INSERT INTO plain SELECT generate_series(1, 1000);
INSERT INTO parted SELECT i, 'v' || i FROM generate_series(0, 19) AS i;
SELECT nextval('counter'), nextval('counter');
REFRESH MATERIALIZED VIEW app.counted;
ANALYZE app.people;
CREATE ROLE d161_reader;
GRANT USAGE ON SCHEMA app TO d161_reader;
GRANT SELECT ON app.people TO d161_reader;
COMMENT ON TABLE app.people IS 'who';
CREATE DATABASE d161_b TEMPLATE d161_a;
\c d161_b
SELECT * FROM app.people ORDER BY id;
SELECT * FROM app.notes ORDER BY id;
SELECT * FROM app.happy;
SELECT * FROM app.counted ORDER BY mood;
SELECT count(*), sum(a) FROM plain;
SELECT tableoid::regclass, count(*) FROM parted GROUP BY 1 ORDER BY 1;
SELECT name FROM app.people WHERE tags @> '{b}' ORDER BY name;
SELECT body FROM app.notes WHERE lower(body) = 'second';
SELECT nextval('counter'), app.greet('you');
INSERT INTO app.people (name, mood, age) VALUES ('dan', 'happy', 20) RETURNING id;
INSERT INTO app.people (name, age) VALUES ('ann', 20);
INSERT INTO app.people (name, age) VALUES ('eve', 0);
INSERT INTO app.notes (person, body) VALUES (4, 'third') RETURNING id, body;
INSERT INTO app.notes (person, body) VALUES (99, 'none');
DELETE FROM app.people WHERE id = 1;
SELECT * FROM app.notes ORDER BY id;
INSERT INTO plain VALUES (1001);
SELECT obj_description('app.people'::regclass), has_table_privilege('d161_reader', 'app.people', 'SELECT');
DROP TABLE parted;
\d app.people
\c d161_a
SELECT * FROM app.people ORDER BY id;
SELECT * FROM app.notes ORDER BY id;
SELECT count(*) FROM plain;
SELECT count(*) FROM parted;
SELECT nextval('counter');
-- The same numbers.
SELECT 'app.people'::regclass::oid AS here \gset
\c d161_b
SELECT 'app.people'::regclass::oid = :here AS same_oid;
-- Of the template: others may not be there.
CREATE DATABASE d161_c TEMPLATE d161_b;
\c postgres
DROP DATABASE d161_c;
DROP DATABASE d161_a;
\c d161_b
SELECT name FROM app.people ORDER BY name;
\c postgres
DROP DATABASE d161_b;
DROP ROLE d161_reader;
-- What is in template1 is in new databases.
\c template1
CREATE TABLE d161_everywhere (a int);
INSERT INTO d161_everywhere VALUES (7);
\c postgres
CREATE DATABASE d161_d;
CREATE DATABASE d161_e TEMPLATE template0;
\c d161_d
SELECT * FROM d161_everywhere;
\c d161_e
SELECT * FROM d161_everywhere;
\c template1
DROP TABLE d161_everywhere;
\c postgres
DROP DATABASE d161_d;
DROP DATABASE d161_e;
