-- Every kind of object that pg_dump knows and both servers have.
CREATE ROLE dumpowner NOLOGIN;
CREATE SCHEMA x AUTHORIZATION dumpowner;
CREATE SCHEMA y;
COMMENT ON SCHEMA x IS 'schema x';
CREATE EXTENSION citext WITH SCHEMA y;
CREATE EXTENSION pg_trgm WITH SCHEMA y;
CREATE EXTENSION hstore WITH SCHEMA y;
COMMENT ON EXTENSION hstore IS 'pairs';
-- types
CREATE TYPE x.color AS ENUM ('red', 'green', 'it''s', 'blue');
ALTER TYPE x.color ADD VALUE 'orange' BEFORE 'green';
CREATE DOMAIN x.name AS varchar(40) COLLATE "C" NOT NULL DEFAULT 'nobody' CONSTRAINT has_letters CHECK (VALUE ~ '[a-z]') CHECK (length(VALUE) < 30);
COMMENT ON DOMAIN x.name IS 'a name';
COMMENT ON CONSTRAINT has_letters ON DOMAIN x.name IS 'letters';
CREATE DOMAIN x.late AS int;
ALTER DOMAIN x.late ADD CONSTRAINT small CHECK (VALUE < 100) NOT VALID;
CREATE TYPE x.point3 AS (a numeric(8,3), b numeric, c text COLLATE "C");
COMMENT ON COLUMN x.point3.a IS 'first';
CREATE TYPE x.span AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = x.spans);
CREATE TYPE x.words AS RANGE (subtype = text, collation = "C");
ALTER TYPE x.color OWNER TO dumpowner;
-- sequences
CREATE SEQUENCE x.down INCREMENT -2 MINVALUE -100 MAXVALUE -2 START -2 CACHE 5 CYCLE;
CREATE SEQUENCE x.small AS smallint;
DO $$ BEGIN PERFORM setval('x.small', 17, false); END $$;
CREATE UNLOGGED SEQUENCE x.fast;
-- functions
CREATE FUNCTION x.twice(a int DEFAULT 2, VARIADIC r int[] DEFAULT '{}') RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 7 AS $$ SELECT a * 2 $$;
CREATE FUNCTION x.body(a int, OUT b int, INOUT c text) LANGUAGE sql STABLE LEAKPROOF AS 'SELECT a + 1, c';
CREATE FUNCTION x.rows(n int) RETURNS TABLE (i int, t text) LANGUAGE plpgsql ROWS 12 SECURITY DEFINER SET work_mem = '2MB' SET search_path = x, y AS $fn$ BEGIN RETURN QUERY SELECT g, g::text FROM generate_series(1, n) g; END $fn$;
CREATE PROCEDURE x.proc(INOUT a int) LANGUAGE plpgsql AS 'BEGIN a := a + 1; END';
CREATE FUNCTION x.trig() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION x.add3(a x.point3, b x.point3) RETURNS x.point3 LANGUAGE sql IMMUTABLE AS 'SELECT ROW(a.a + b.a, a.b + b.b, a.c)::x.point3';
COMMENT ON FUNCTION x.twice(int, int[]) IS 'twice';
COMMENT ON PROCEDURE x.proc(int) IS 'procedure';
CREATE AGGREGATE x.sum3(x.point3) (SFUNC = x.add3, STYPE = x.point3, INITCOND = '(0,0,z)');
CREATE FUNCTION x.sum_step(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE AGGREGATE x.total(numeric) (SFUNC = x.sum_step, STYPE = numeric, INITCOND = '0', PARALLEL = SAFE, COMBINEFUNC = x.sum_step);
COMMENT ON AGGREGATE x.total(numeric) IS 'total';
CREATE OPERATOR x.+ (LEFTARG = x.point3, RIGHTARG = x.point3, FUNCTION = x.add3, COMMUTATOR = OPERATOR(x.+));
COMMENT ON OPERATOR x.+ (x.point3, x.point3) IS 'sum';
CREATE FUNCTION x.to_point(int) RETURNS x.point3 LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, 0, NULL)::x.point3';
CREATE CAST (int AS x.point3) WITH FUNCTION x.to_point(int) AS ASSIGNMENT;
COMMENT ON CAST (int AS x.point3) IS 'cast';
-- tables
CREATE TABLE x.all_types (
  a smallint, b integer, c bigint, d numeric, e numeric(12,4), f real, g double precision, h money,
  i char(3), j varchar, k varchar(9), l text, m "char", n name, o bytea,
  p date, q time, r time(3) with time zone, s timestamp, t timestamp(2) with time zone, u interval, v interval day to second(2), v2 interval year to month,
  w bool, x point, y line, z lseg, aa box, ab path, ac polygon, ad circle,
  ae inet, af cidr, ag macaddr, ah macaddr8, ai bit(4), aj bit varying(7), ak uuid, al json, am jsonb, an tsvector, ao tsquery,
  ap int4range, aq int8multirange, ar numrange, as_ daterange, at tstzrange, au oid, av regclass, aw int[], ax text[][], ay x.color, az x.color[], ba x.name, bb x.point3, bc x.span, bd y.citext, be y.hstore, bf pg_lsn, bg jsonpath, bh xid8);
INSERT INTO x.all_types (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, v2, w) VALUES (1, -2, 3, 'NaN', 5.5, 'Infinity', 1e-300, 7.5, 'ab', E'tab\there', E'nl\nthere', E'back\\slash', 'q', 'nm', '\x00ff', '-infinity', '24:00', '01:02:03.456+05:30', '0044-03-15 12:00 BC', 'infinity', '1 mon -2 days 03:04:05.6', '3 days 1.25', '14 mon', true);
INSERT INTO x.all_types (x, y, z, aa, ab, ac, ad, ae, af, ag, ah, ai, aj, ak, al, am, an, ao) VALUES ('(1,2)', '{1,2,3}', '[(1,2),(3,4)]', '(1,2),(3,4)', '[(1,1),(2,2)]', '((0,0),(1,0),(1,1))', '<(1,2),3>', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '1010', '101', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"b": 1,  "a": [1, 2]}', '{"b": 1, "a": [1, 2]}', 'a fat cat:3A', 'fat & !rat:*');
INSERT INTO x.all_types (ap, aq, ar, as_, at, au, av, aw, ax, ay, az, bb, bc, bd, be, bf, bg, bh) VALUES ('[1,5)', '{[1,2),[5,9)}', '(,3.5]', 'empty', '["2020-01-01 00:00+00",)', 77, 'pg_class', '{1,NULL,3}', '{{a,"b c"},{"{x}",NULL}}', 'it''s', '{red,blue}', '(1.5,,"x,y")', '[1,2)', 'CiText', 'a=>1, b=>NULL', '16/B374D848', '$.a[*]', '99');
CREATE TABLE x.people (
  id int GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 2) CONSTRAINT people_key PRIMARY KEY,
  code text DEFAULT ('a' || 'b') NOT NULL COLLATE "C",
  parent int CONSTRAINT fam REFERENCES x.people ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  gen text GENERATED ALWAYS AS (code || '!') STORED,
  gone int, at timestamptz DEFAULT '2024-02-03 04:05:06+00' CHECK (at > '2000-01-01'::date),
  UNIQUE NULLS NOT DISTINCT (code, parent),
  CONSTRAINT positive CHECK (id > 0) NO INHERIT
) WITH (fillfactor = 70, autovacuum_enabled = off);
ALTER TABLE x.people DROP COLUMN gone;
ALTER TABLE x.people ADD CONSTRAINT later CHECK (code <> 'q') NOT VALID;
ALTER TABLE x.people OWNER TO dumpowner;
ALTER TABLE x.people ALTER code SET STATISTICS 200, ALTER code SET (n_distinct = -0.5), ALTER code SET STORAGE MAIN;
ALTER TABLE x.people REPLICA IDENTITY FULL;
INSERT INTO x.people (code) VALUES ('one'), ('two');
INSERT INTO x.people (code, parent) VALUES ('three', 10);
CREATE TABLE x.serials (a serial, b bigserial, c smallserial, d int GENERATED BY DEFAULT AS IDENTITY);
INSERT INTO x.serials DEFAULT VALUES;
CREATE TABLE x.orders (a int, b int, c text, PRIMARY KEY (a, b) INCLUDE (c));
CREATE TABLE x.lines (a int, b int, n int, FOREIGN KEY (a, b) REFERENCES x.orders MATCH FULL ON DELETE SET NULL (b));
ALTER TABLE x.lines ADD CONSTRAINT unchecked FOREIGN KEY (a, n) REFERENCES x.orders (a, b) NOT VALID;
CREATE INDEX lines_1 ON x.lines (a DESC NULLS LAST, (n + 1), b) WHERE n > 0;
CREATE INDEX lines_2 ON x.lines USING hash (n);
CREATE UNIQUE INDEX lines_3 ON x.lines (n) NULLS NOT DISTINCT;
CREATE INDEX lines_4 ON x.lines (a);
ALTER TABLE x.lines CLUSTER ON lines_4;
ALTER INDEX x.lines_1 ALTER COLUMN 2 SET STATISTICS 300;
COMMENT ON INDEX x.lines_1 IS 'index';
CREATE TABLE x.of_type OF x.point3 (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 3);
CREATE TABLE x.empty ();
CREATE INDEX trgm ON x.people USING gin (code y.gin_trgm_ops);
CREATE INDEX box ON x.all_types USING gist (aa);
CREATE INDEX brin ON x.all_types USING brin (b) WITH (pages_per_range = 16);
-- trees
CREATE TABLE x.top (a int, b text DEFAULT 'd', CHECK (a > 0));
CREATE TABLE x.side (z int);
CREATE TABLE x.sub (b text DEFAULT 'other', c int, CONSTRAINT own CHECK (c > 0)) INHERITS (x.top, x.side);
INSERT INTO x.top VALUES (1);
INSERT INTO x.sub VALUES (2, 'x', 3, 4);
CREATE TABLE x.log (id int, at date NOT NULL, region text, UNIQUE (id, at, region)) PARTITION BY RANGE (at);
CREATE TABLE x.log_2020 PARTITION OF x.log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE x.log_2021 PARTITION OF x.log (region DEFAULT 'here') FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (region);
CREATE TABLE x.log_eu (region text, at date NOT NULL, id int NOT NULL);
ALTER TABLE x.log_2021 ATTACH PARTITION x.log_eu FOR VALUES IN ('eu', NULL);
CREATE TABLE x.log_rest PARTITION OF x.log_2021 DEFAULT;
CREATE INDEX log_region ON x.log (lower(region), at);
CREATE TABLE x.hashed (k int, v text) PARTITION BY HASH (k);
CREATE TABLE x.hashed_0 PARTITION OF x.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE x.hashed_1 PARTITION OF x.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO x.log VALUES (1, '2020-05-05', 'eu');
INSERT INTO x.hashed SELECT g, g::text FROM generate_series(1, 5) g;
-- views and rules
CREATE VIEW x.v AS SELECT p.id, p.code, count(*) FILTER (WHERE l.n > 1) OVER (PARTITION BY p.code ORDER BY p.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS c FROM x.people p LEFT JOIN x.lines l ON l.a = p.id AND l.b IN (1, 2, 3);
CREATE VIEW x.w (one, two) WITH (security_invoker = true, security_barrier) AS SELECT id, code FROM x.people WHERE id > 0 WITH LOCAL CHECK OPTION;
ALTER VIEW x.w ALTER COLUMN two SET DEFAULT 'dflt';
CREATE VIEW x.nums AS WITH RECURSIVE t (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t;
CREATE MATERIALIZED VIEW x.mat WITH (fillfactor = 80) AS SELECT code, x.total(id) AS t FROM x.people GROUP BY code;
CREATE UNIQUE INDEX mat_code ON x.mat (code);
CREATE MATERIALIZED VIEW x.mat2 AS SELECT * FROM x.mat WITH NO DATA;
CREATE RULE quiet AS ON DELETE TO x.orders WHERE old.a < 0 DO INSTEAD NOTHING;
CREATE RULE noted AS ON INSERT TO x.lines DO ALSO NOTHING;
COMMENT ON RULE noted ON x.lines IS 'rule';
COMMENT ON VIEW x.v IS 'view';
COMMENT ON MATERIALIZED VIEW x.mat IS 'mat';
-- triggers
CREATE TRIGGER before_people BEFORE INSERT OR UPDATE OF code ON x.people FOR EACH ROW WHEN (NEW.code IS NOT NULL) EXECUTE FUNCTION x.trig('a', 'it''s');
CREATE TRIGGER after_lines AFTER UPDATE ON x.lines REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION x.trig();
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON x.lines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION x.trig();
CREATE TRIGGER instead INSTEAD OF INSERT ON x.v FOR EACH ROW EXECUTE FUNCTION x.trig();
CREATE TRIGGER on_log BEFORE INSERT ON x.log FOR EACH ROW EXECUTE FUNCTION x.trig();
ALTER TABLE x.people DISABLE TRIGGER before_people;
ALTER TABLE x.lines ENABLE ALWAYS TRIGGER after_lines;
COMMENT ON TRIGGER checked ON x.lines IS 'trigger';
-- policies
ALTER TABLE x.people ENABLE ROW LEVEL SECURITY;
ALTER TABLE x.people FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON x.people FOR UPDATE TO dumpowner USING (code = CURRENT_USER) WITH CHECK (code IS NOT NULL);
CREATE POLICY never ON x.people AS RESTRICTIVE USING (EXISTS (SELECT FROM x.lines l WHERE l.n = people.id));
COMMENT ON POLICY mine ON x.people IS 'policy';
-- text search
CREATE TEXT SEARCH DICTIONARY x.stem (TEMPLATE = snowball, LANGUAGE = english, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION x.conf (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION x.conf ALTER MAPPING FOR asciiword, word WITH x.stem, simple;
COMMENT ON TEXT SEARCH CONFIGURATION x.conf IS 'conf';
-- grants and comments
GRANT USAGE ON SCHEMA x TO PUBLIC;
GRANT SELECT, INSERT (code), UPDATE (code) ON x.people TO PUBLIC;
GRANT ALL ON x.lines TO dumpowner WITH GRANT OPTION;
GRANT USAGE, SELECT ON SEQUENCE x.down TO dumpowner;
REVOKE ALL ON FUNCTION x.twice(int, int[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION x.twice(int, int[]) TO dumpowner;
GRANT USAGE ON TYPE x.span TO dumpowner;
REVOKE USAGE ON TYPE x.color FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA x GRANT SELECT ON TABLES TO dumpowner;
ALTER DEFAULT PRIVILEGES FOR ROLE dumpowner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMENT ON TABLE x.people IS E'it''s\na "table" \\';
COMMENT ON COLUMN x.v.id IS 'view column';
COMMENT ON CONSTRAINT fam ON x.people IS 'family';
COMMENT ON SEQUENCE x.down IS 'sequence';
COMMENT ON TYPE x.span IS 'type';
REFRESH MATERIALIZED VIEW x.mat;
