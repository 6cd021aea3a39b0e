-- Publications are kept and shown; nobody can subscribe to them below wal_level logical.
CREATE SCHEMA app;
CREATE TABLE app.tags (id int PRIMARY KEY, name text, weight int);
CREATE TABLE app.other (id int PRIMARY KEY);
CREATE TEMP TABLE passing (id int);
CREATE PUBLICATION pub FOR TABLE app.tags (id, name) WHERE (id > 3) WITH (publish = 'insert, delete');
CREATE PUBLICATION pub FOR TABLE app.tags;
CREATE PUBLICATION every FOR ALL TABLES;
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA app WITH (publish_via_partition_root);
CREATE PUBLICATION wrong FOR TABLE passing;
CREATE PUBLICATION wrong WITH (publish = 'insert, nothing');
CREATE PUBLICATION wrong WITH (colour = red);
CREATE PUBLICATION wrong FOR TABLE app.tags (id), TABLES IN SCHEMA app;
\dRp
\dRp+ pub
\dRp+ schemas
SELECT * FROM pg_publication_tables WHERE schemaname = 'app' ORDER BY 1, 2, 3;
\d app.tags
ALTER PUBLICATION pub ADD TABLE app.other;
ALTER PUBLICATION pub ADD TABLE app.other;
ALTER PUBLICATION pub SET (publish = 'update');
ALTER PUBLICATION every ADD TABLE app.other;
\dRp+ pub
ALTER PUBLICATION pub DROP TABLE app.tags;
ALTER PUBLICATION pub DROP TABLE app.tags;
ALTER PUBLICATION pub RENAME TO pub2;
COMMENT ON PUBLICATION pub2 IS 'a few';
SELECT obj_description(oid, 'pg_publication'), pubinsert, pubupdate FROM pg_publication WHERE pubname = 'pub2';
DROP TABLE app.other;
\dRp+ pub2
BEGIN;
DROP PUBLICATION pub2;
ROLLBACK;
DROP PUBLICATION pub2, every;
DROP PUBLICATION pub2;
DROP PUBLICATION IF EXISTS pub2;
DROP SCHEMA app CASCADE;
\dRp+ schemas
DROP PUBLICATION schemas;
