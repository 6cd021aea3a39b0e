CREATE SCHEMA tree_100;
SET search_path = tree_100;
-- Columns and checks come from the parents; like-named ones are made one.
CREATE TABLE person (name text NOT NULL, age int DEFAULT 18 CHECK (age >= 0), note text);
CREATE TABLE worker (salary numeric) INHERITS (person);
CREATE TABLE student (school text DEFAULT 'none', age int DEFAULT 20) INHERITS (person);
CREATE TABLE tutor (hours int) INHERITS (worker, student);
CREATE TABLE tutor (hours int, age int DEFAULT 30) INHERITS (worker, student);
CREATE TABLE wrong (name int) INHERITS (person);
CREATE TABLE wrong (a int) INHERITS (person, person);
CREATE TABLE wrong (a int) INHERITS (nothing);
CREATE TABLE other (note int);
CREATE TABLE wrong () INHERITS (person, other);
\d tutor
\d+ person
INSERT INTO person VALUES ('p', 1), ('q', 2);
INSERT INTO worker VALUES ('w', 40, 'works', 100.5);
INSERT INTO student (name) VALUES ('s');
INSERT INTO tutor (name, hours) VALUES ('t', 5);
INSERT INTO tutor (name, age) VALUES ('t', -1);
SELECT tableoid::regclass, * FROM person ORDER BY name;
SELECT * FROM ONLY person ORDER BY name;
SELECT p FROM person p ORDER BY name;
SELECT count(*), sum(age), max(tableoid::regclass::text) FROM person;
SELECT tableoid::regclass AS t, count(*) FROM person GROUP BY 1 ORDER BY 1;
SELECT p.name, w.salary FROM person p LEFT JOIN worker w USING (name) ORDER BY 1, 2;
SELECT name FROM person WHERE age = (SELECT max(age) FROM person);
SELECT name FROM person WHERE EXISTS (SELECT FROM student s WHERE s.name = person.name) ORDER BY 1;
UPDATE person SET age = age + 1 WHERE age > 15 RETURNING tableoid::regclass, name, age;
UPDATE ONLY person SET note = 'only' RETURNING *;
UPDATE person p SET note = w.salary::text FROM worker w WHERE w.name = p.name RETURNING p.tableoid::regclass, p.*;
DELETE FROM person USING student s WHERE s.name = person.name AND s.name = 's' RETURNING person.*;
DELETE FROM ONLY person WHERE name = 'w';
UPDATE person SET age = -5 WHERE name = 't';
SELECT tableoid::regclass, name FROM person ORDER BY name FOR UPDATE;
MERGE INTO person p USING (VALUES ('q', 77), ('new', 5)) v (name, age) ON p.name = v.name
  WHEN MATCHED THEN UPDATE SET age = v.age WHEN NOT MATCHED THEN INSERT (name, age) VALUES (v.name, v.age);
SELECT tableoid::regclass, * FROM person ORDER BY name;
EXPLAIN (COSTS OFF) SELECT * FROM person WHERE age > 3;
EXPLAIN (COSTS OFF) SELECT * FROM ONLY person WHERE age > 3;
-- What is done to a parent is done to its children.
ALTER TABLE person ADD COLUMN extra int DEFAULT 7;
SELECT name, extra FROM tutor;
ALTER TABLE ONLY person ADD COLUMN alone int;
ALTER TABLE person RENAME COLUMN extra TO more;
ALTER TABLE worker RENAME COLUMN more TO less;
ALTER TABLE ONLY person RENAME COLUMN more TO less;
ALTER TABLE person ALTER COLUMN more TYPE text;
ALTER TABLE worker ALTER COLUMN more TYPE int USING 1;
ALTER TABLE person ALTER COLUMN more SET DEFAULT 'd';
ALTER TABLE person ALTER COLUMN more SET NOT NULL;
ALTER TABLE person ADD CONSTRAINT short CHECK (length(name) < 10);
ALTER TABLE ONLY person ADD CONSTRAINT alone CHECK (length(name) < 11);
ALTER TABLE ONLY person ADD CONSTRAINT alone CHECK (length(name) < 11) NO INHERIT;
ALTER TABLE worker DROP CONSTRAINT short;
INSERT INTO tutor (name) VALUES ('much too long a name');
INSERT INTO tutor (name) VALUES ('longer name');
\d tutor
ALTER TABLE person DROP CONSTRAINT short;
ALTER TABLE worker DROP COLUMN name;
ALTER TABLE person DROP COLUMN more;
ALTER TABLE ONLY person DROP COLUMN note;
ALTER TABLE person DROP CONSTRAINT person_age_check;
\d worker
\d student
SELECT attname, attislocal, attinhcount FROM pg_attribute WHERE attrelid = 'tutor'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;
-- Tying and untying.
CREATE TABLE free (name text, age int, school text, x int);
ALTER TABLE free INHERIT person;
ALTER TABLE free ALTER COLUMN name SET NOT NULL;
ALTER TABLE free INHERIT person;
ALTER TABLE free INHERIT person;
ALTER TABLE person INHERIT free;
INSERT INTO free VALUES ('f', 1, 'sc', 2);
SELECT name, tableoid::regclass FROM person WHERE name = 'f';
ALTER TABLE free NO INHERIT person;
ALTER TABLE free NO INHERIT person;
SELECT name, tableoid::regclass FROM person WHERE name = 'f';
SELECT inhrelid::regclass, inhparent::regclass, inhseqno FROM pg_inherits WHERE inhrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'tree_100'::regnamespace) ORDER BY 1, 3;
SELECT relname, relhassubclass FROM pg_class WHERE relname IN ('person', 'worker', 'tutor', 'free') ORDER BY 1;
-- Keys stay with their table.
ALTER TABLE person ADD PRIMARY KEY (name);
\d worker
INSERT INTO worker (name) VALUES ('q');
SELECT tableoid::regclass, name FROM person WHERE name = 'q' ORDER BY 1;
TRUNCATE ONLY person;
SELECT count(*) FROM person;
TRUNCATE person;
SELECT count(*) FROM person;
CREATE VIEW people AS SELECT name, age FROM person;
INSERT INTO worker (name, age) VALUES ('v', 3);
SELECT * FROM people;
DROP TABLE person;
DROP TABLE person CASCADE;
\dt
DROP TABLE other, free;
-- Generated columns, defaults and sequences come along; identity does not.
CREATE TABLE gp (id serial, a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE gc (x int) INHERITS (gp);
\d gc
INSERT INTO gc (a, c, x) VALUES (1, 5, 1);
INSERT INTO gp (a) VALUES (2);
SELECT tableoid::regclass, * FROM gp ORDER BY a;
UPDATE gp SET a = a + 10;
SELECT tableoid::regclass, * FROM gp ORDER BY a;
CREATE TABLE gd (b int DEFAULT 5) INHERITS (gp);
DROP TABLE gp CASCADE;
-- Columns in another order, and dropped ones.
CREATE TABLE op (a int, b text);
CREATE TABLE oc (x int, b text, y int, a int);
ALTER TABLE oc DROP COLUMN x;
ALTER TABLE oc INHERIT op;
INSERT INTO oc VALUES ('b', 1, 2);
INSERT INTO op VALUES (3, 'c');
SELECT *, tableoid::regclass FROM op ORDER BY a;
UPDATE op SET a = a * 10, b = b || '!' RETURNING *;
SELECT * FROM oc;
SELECT op, op.b FROM op ORDER BY a;
DELETE FROM op WHERE a = 20 RETURNING *;
DROP TABLE op CASCADE;
-- Temporary children of permanent parents, not the other way round.
CREATE TABLE keep (a int);
CREATE TEMP TABLE gone () INHERITS (keep);
CREATE TABLE never () INHERITS (gone);
INSERT INTO gone VALUES (1);
SELECT * FROM keep;
DROP TABLE keep CASCADE;
DROP SCHEMA tree_100 CASCADE;
