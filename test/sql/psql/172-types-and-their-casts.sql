-- A cast goes with its types.
CREATE SCHEMA kinds;
CREATE TYPE kinds.mood AS ENUM ('sad', 'ok');
CREATE CAST (kinds.mood AS int) WITH INOUT;
DROP TYPE kinds.mood;
DROP TYPE kinds.mood CASCADE;
SELECT count(*) FROM pg_cast WHERE oid >= 16384 AND castmethod = 'i' AND casttarget = 23;
CREATE TYPE kinds.mood AS ENUM ('sad', 'ok');
CREATE CAST (kinds.mood AS int) WITH INOUT;
DROP SCHEMA kinds CASCADE;
SELECT count(*) FROM pg_cast WHERE oid >= 16384 AND castmethod = 'i' AND casttarget = 23;
-- A range type's functions stand in pg_proc.
CREATE SCHEMA kinds;
SET search_path = kinds;
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
SELECT p.oid::regprocedure, p.prosrc, p.provariadic::regtype, p.proallargtypes::regtype[], p.proargmodes, p.proisstrict
FROM pg_proc p WHERE pronamespace = 'kinds'::regnamespace ORDER BY p.prosrc;
SELECT count(*) FROM pg_depend WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_type'::regclass AND refobjid = 'span'::regtype AND deptype = 'i';
SELECT span(1, 2), span(1, 2, '[]'), multirange(span(1, 2));
-- What a primary key determines needs no equality.
CREATE TABLE authors (id int PRIMARY KEY, profile json, home point);
CREATE TABLE books (author int, title text);
INSERT INTO authors VALUES (1, '{"a": 1}', '(1,2)'), (2, NULL, NULL);
INSERT INTO books VALUES (1, 'x'), (1, 'y');
SELECT a.*, count(b.title) FROM authors a LEFT JOIN books b ON b.author = a.id GROUP BY a.id ORDER BY a.id;
SELECT a.profile, count(*) FROM authors a GROUP BY a.profile;
SELECT a.id, a.profile ->> 'a', count(*) FROM authors a JOIN books b ON b.author = a.id GROUP BY a.id HAVING count(*) > 1;
-- Statistics of rows whose columns have no order.
CREATE TYPE addr AS (street text, geo point);
CREATE TABLE people (id int, home addr);
INSERT INTO people VALUES (1, '(s,"(1,2)")');
ANALYZE people;
-- What indexes keep.
CREATE TABLE docs (id int, body jsonb, tags text[], label varchar(20) COLLATE "C", ip inet);
CREATE INDEX docs_body ON docs USING gin (body);
CREATE INDEX docs_path ON docs USING gin (body jsonb_path_ops);
CREATE INDEX docs_tags ON docs USING gin (tags);
CREATE INDEX docs_ip ON docs USING hash (ip);
CREATE INDEX docs_label ON docs (lower(label), label) INCLUDE (ip);
SELECT c.relname, a.attname, a.atttypid::regtype, a.atttypmod, a.attcollation::regcollation
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind = 'i' AND c.relname LIKE 'docs%' ORDER BY 1, a.attnum;
SELECT indexrelid::regclass, indcollation FROM pg_index WHERE indrelid = 'docs'::regclass ORDER BY 1;
-- PostgreSQL's own indexes.
SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE i.indrelid = 'pg_class'::regclass ORDER BY 1;
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'pg_type'::regclass ORDER BY 1;
SELECT count(*) FROM pg_attribute WHERE attrelid = 'docs'::regclass AND attnum < 0;
VACUUM pg_catalog.pg_class;
VACUUM (ANALYZE) pg_type;
-- amcheck
CREATE EXTENSION amcheck;
SELECT bt_index_check('docs_label');
SELECT bt_index_check(2662, true);
SELECT bt_index_check('docs_ip');
SELECT bt_index_check('docs');
SELECT bt_index_parent_check('docs_label', true, true);
SELECT * FROM verify_heapam('docs');
SELECT * FROM verify_heapam('docs_label');
SELECT * FROM verify_heapam('docs', skip => 'x');
SELECT * FROM verify_heapam(relation => 'docs', skip => 'all-frozen');
-- Messages
CREATE TABLE authors (id int PRIMARY KEY);
ALTER TABLE authors ADD CONSTRAINT authors_pkey UNIQUE (id);
CREATE TABLE IF NOT EXISTS authors (id int);
CREATE TABLE kinds.part PARTITION OF authors DEFAULT;
SELECT currval(1);
DROP SCHEMA kinds CASCADE;
