-- CREATE STATISTICS and CREATE COLLATION: kept, shown, changed, gone with what they are of.
CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY, age int, mood text, note text);
CREATE STATISTICS app.st (ndistinct) ON mood, age FROM app.users;
CREATE STATISTICS app.st (mcv) ON age, mood FROM app.users;
CREATE STATISTICS IF NOT EXISTS app.st (mcv) ON age, mood FROM app.users;
CREATE STATISTICS app.whole ON age, lower(note), (id + 1) FROM app.users;
CREATE STATISTICS app.single ON (id + age) FROM app.users;
CREATE STATISTICS app.too_few ON age FROM app.users;
CREATE STATISTICS app.twice ON age, age FROM app.users;
CREATE STATISTICS app.kind (histogram) ON age, mood FROM app.users;
CREATE STATISTICS app.missing ON age, nothing FROM app.users;
\dX app.*
SELECT stxname, stxkeys, stxkind, stxstattarget FROM pg_statistic_ext ORDER BY 1;
SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext WHERE stxname = 'st';
ALTER STATISTICS app.st SET STATISTICS 200;
ALTER STATISTICS app.st RENAME TO st2;
COMMENT ON STATISTICS app.st2 IS 'ages and moods';
SELECT obj_description(oid, 'pg_statistic_ext'), stxstattarget FROM pg_statistic_ext WHERE stxname = 'st2';
\d app.users
ALTER TABLE app.users DROP COLUMN mood;
\dX app.*
BEGIN;
DROP STATISTICS app.single, app.whole;
ROLLBACK;
DROP STATISTICS app.single;
DROP STATISTICS app.single;
DROP STATISTICS IF EXISTS app.single, nowhere.single;
SELECT stxname FROM pg_statistic_ext ORDER BY 1;
CREATE COLLATION app.plain FROM "C";
CREATE COLLATION app.plain FROM "C";
CREATE COLLATION app.named (provider = libc, locale = 'C');
CREATE COLLATION app.copied FROM "default";
CREATE COLLATION app.half (lc_collate = 'C');
CREATE COLLATION app.odd (locale = 'C', colour = 'red');
\dO app.*
SELECT 'a' < 'B' COLLATE app.plain, 'a' < 'b' COLLATE app.plain;
CREATE TABLE app.texts (t text COLLATE app.plain);
\d app.texts
INSERT INTO app.texts VALUES ('b'), ('B'), ('a');
SELECT t FROM app.texts ORDER BY t;
DROP COLLATION app.plain;
ALTER COLLATION app.named RENAME TO other;
COMMENT ON COLLATION app.other IS 'another name';
SELECT obj_description('app.other'::regcollation, 'pg_collation');
DROP COLLATION app.named;
DROP COLLATION IF EXISTS app.named;
DROP SCHEMA app;
DROP TABLE app.users;
SELECT count(*) FROM pg_statistic_ext;
DROP SCHEMA app CASCADE;
