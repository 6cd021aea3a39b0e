CREATE SCHEMA tree_101;
SET search_path = tree_101;
-- Keys and bounds, and what is refused.
CREATE TABLE lst (a text, b int) PARTITION BY LIST (a);
CREATE TABLE lst_ab PARTITION OF lst FOR VALUES IN ('a', 'b', 'a');
CREATE TABLE lst_null PARTITION OF lst FOR VALUES IN (NULL);
CREATE TABLE bad PARTITION OF lst FOR VALUES IN ('c', 'b');
CREATE TABLE bad PARTITION OF lst FOR VALUES IN (NULL, 'z');
CREATE TABLE bad PARTITION OF lst FOR VALUES FROM ('a') TO ('b');
CREATE TABLE bad PARTITION OF lst FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE bad PARTITION OF lst FOR VALUES IN (x);
CREATE TABLE bad PARTITION OF lst FOR VALUES IN ((SELECT 'a'));
CREATE TABLE bad PARTITION OF lst FOR VALUES IN (sum(1));
CREATE TABLE lst_rest PARTITION OF lst DEFAULT;
CREATE TABLE bad PARTITION OF lst DEFAULT;
CREATE TABLE bad PARTITION OF lst_ab FOR VALUES IN ('a');
CREATE TABLE bad (a text) INHERITS (lst);
CREATE TABLE bad (a text) INHERITS (lst_ab);
CREATE TABLE rng (a int, b date, c numeric) PARTITION BY RANGE (a, b);
CREATE TABLE rng1 PARTITION OF rng FOR VALUES FROM (MINVALUE, MINVALUE) TO (1, '2020-01-01');
CREATE TABLE rng2 PARTITION OF rng FOR VALUES FROM (1, '2020-01-01') TO (1, MAXVALUE);
CREATE TABLE bad PARTITION OF rng FOR VALUES FROM (0, '2020-01-01') TO (0, '2021-01-01');
CREATE TABLE bad PARTITION OF rng FOR VALUES FROM (5, '2020-01-01') TO (5, '2020-01-01');
CREATE TABLE bad PARTITION OF rng FOR VALUES FROM (6, '2020-01-01') TO (5, '2020-01-01');
CREATE TABLE bad PARTITION OF rng FOR VALUES FROM (6) TO (7);
CREATE TABLE bad PARTITION OF rng FOR VALUES FROM (6, NULL) TO (7, '2020-01-01');
CREATE TABLE bad PARTITION OF rng FOR VALUES FROM (MINVALUE, '2020-01-01') TO (7, '2020-01-01');
CREATE TABLE bad PARTITION OF rng FOR VALUES FROM ('x', '2020-01-01') TO (7, '2020-01-01');
CREATE TABLE bad PARTITION OF rng FOR VALUES FROM (8, true) TO (9, '2020-01-01');
CREATE TABLE rng3 PARTITION OF rng FOR VALUES FROM (2, MINVALUE) TO (-1 + 5, MAXVALUE) PARTITION BY HASH (c);
CREATE TABLE rng3h0 PARTITION OF rng3 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE rng3h1 PARTITION OF rng3 FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE bad PARTITION OF rng3 FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE bad PARTITION OF rng3 FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE bad PARTITION OF rng3 FOR VALUES WITH (MODULUS 6, REMAINDER 1);
CREATE TABLE bad PARTITION OF rng3 FOR VALUES WITH (MODULUS 4, REMAINDER 4);
CREATE TABLE bad PARTITION OF rng3 FOR VALUES WITH (MODULUS 0, REMAINDER 0);
CREATE TABLE bad PARTITION OF rng3 DEFAULT;
CREATE TABLE bad (a int) PARTITION BY LIST (a, a);
CREATE TABLE bad (a int) PARTITION BY RANGE (nothing);
CREATE TABLE bad (a int) PARTITION BY RANGE (xmin);
CREATE TABLE bad (a int) PARTITION BY RANGE ((42));
CREATE TABLE bad (a timestamptz) PARTITION BY RANGE ((a::text));
CREATE TABLE bad (a json) PARTITION BY LIST (a);
CREATE TABLE bad (a int, b int GENERATED ALWAYS AS (a) STORED) PARTITION BY LIST (b);
CREATE TABLE bad (a int) PARTITION BY MAGIC (a);
CREATE TABLE expr (a int, b text) PARTITION BY RANGE ((a % 10), lower(b) COLLATE "C");
CREATE TABLE expr1 PARTITION OF expr FOR VALUES FROM (0, 'a') TO (5, 'z');
INSERT INTO expr VALUES (13, 'Q'), (4, 'zz');
INSERT INTO expr VALUES (7, 'Q');
SELECT tableoid::regclass, * FROM expr ORDER BY a;
\d+ lst
\d+ lst_ab
\d+ lst_null
\d+ lst_rest
\d+ rng
\d+ rng1
\d+ rng2
\d+ rng3
\d rng3h1
\d expr
\dP
\dPt
\dPn rng*
\dt
SELECT relname, relkind, relispartition, pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname ~ '^(lst|rng|expr)' AND relkind IN ('r', 'p') ORDER BY 1;
SELECT partrelid::regclass, partstrat, partnatts, partdefid::regclass, partattrs, pg_get_partkeydef(partrelid) FROM pg_partitioned_table WHERE partrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'tree_101'::regnamespace) ORDER BY 1;
SELECT relid, parentrelid, isleaf, level FROM pg_partition_tree('rng') ORDER BY level, relid::text;
SELECT * FROM pg_partition_ancestors('rng3h0');
SELECT pg_partition_root('rng3h0'), pg_partition_root('lst'), pg_partition_root('pg_class');
SELECT pg_get_partition_constraintdef('rng3h1'::regclass) ~ 'satisfies_hash_partition', pg_get_partition_constraintdef('lst_ab'::regclass), pg_get_partition_constraintdef('lst'::regclass);
SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'tree_101' ORDER BY 1;
-- Columns and constraints of partitions.
CREATE TABLE par (id int NOT NULL, v text DEFAULT 'd', w int CHECK (w > 0)) PARTITION BY RANGE (id);
CREATE TABLE par1 PARTITION OF par (v DEFAULT 'own', w NOT NULL, CONSTRAINT par_w_check CHECK (w > 0), CHECK (w < 100)) FOR VALUES FROM (0) TO (10);
CREATE TABLE par2 PARTITION OF par (nothing NOT NULL) FOR VALUES FROM (10) TO (20);
CREATE TABLE par2 PARTITION OF par (v NOT NULL, v DEFAULT 'x') FOR VALUES FROM (10) TO (20);
CREATE TABLE par2 PARTITION OF par FOR VALUES FROM (10) TO (20);
\d par1
\d par2
INSERT INTO par (id, w) VALUES (1, 5), (11, 5) RETURNING tableoid::regclass, *;
INSERT INTO par1 (id, w) VALUES (2, 6) RETURNING *;
INSERT INTO par (id, w) VALUES (3, 500);
INSERT INTO par (id) VALUES (4);
ALTER TABLE par1 ADD COLUMN z int;
ALTER TABLE par1 DROP COLUMN v;
ALTER TABLE par DROP COLUMN id;
ALTER TABLE par ALTER COLUMN id TYPE bigint;
ALTER TABLE ONLY par ADD COLUMN z int;
ALTER TABLE ONLY par DROP COLUMN v;
ALTER TABLE par1 ALTER COLUMN id DROP NOT NULL;
ALTER TABLE ONLY par ALTER COLUMN w SET NOT NULL;
ALTER TABLE par ALTER COLUMN w SET NOT NULL;
ALTER TABLE ONLY par ALTER COLUMN w DROP NOT NULL;
ALTER TABLE par ADD COLUMN z int DEFAULT 1;
ALTER TABLE par ADD CONSTRAINT zz CHECK (z > 0) NO INHERIT;
ALTER TABLE par ADD CONSTRAINT zz CHECK (z > 0);
ALTER TABLE par1 DROP CONSTRAINT zz;
ALTER TABLE ONLY par DROP CONSTRAINT zz;
ALTER TABLE par RENAME COLUMN z TO y;
ALTER TABLE par RENAME COLUMN id TO ident;
ALTER TABLE par1 RENAME COLUMN y TO x;
ALTER TABLE par RENAME CONSTRAINT zz TO yy;
SELECT tableoid::regclass, * FROM par ORDER BY 2;
\d+ par1
ALTER TABLE par1 INHERIT lst;
ALTER TABLE par1 NO INHERIT par;
ALTER TABLE par DROP COLUMN y;
TRUNCATE ONLY par;
TRUNCATE par1;
SELECT count(*) FROM par;
TRUNCATE par;
SELECT count(*) FROM par;
-- A default partition gives up nothing silently.
INSERT INTO lst VALUES ('q', 1);
CREATE TABLE lst_q PARTITION OF lst FOR VALUES IN ('q');
DELETE FROM lst WHERE a = 'q';
CREATE TABLE lst_q PARTITION OF lst FOR VALUES IN ('q');
DROP TABLE lst_q;
DROP TABLE lst;
\dP
DROP TABLE rng, expr, par;
CREATE TABLE bools (a bool) PARTITION BY LIST (a);
CREATE TABLE bools_t PARTITION OF bools FOR VALUES IN (true);
CREATE TABLE bools_f PARTITION OF bools FOR VALUES IN ('off', NULL);
CREATE TABLE nums (a bigint, b numeric, c timestamptz) PARTITION BY RANGE (a, b);
CREATE TABLE nums1 PARTITION OF nums FOR VALUES FROM (-5, 1.5) TO (7, -2);
\d+ bools
\d+ bools_f
\d+ nums1
DROP TABLE bools, nums;
CREATE TYPE pair AS (x int, y text);
CREATE TABLE typed OF pair (x PRIMARY KEY, y WITH OPTIONS DEFAULT 'q' NOT NULL);
CREATE TABLE typed2 OF nothing;
\d typed
ALTER TABLE typed ADD COLUMN z int;
ALTER TABLE typed DROP COLUMN y;
ALTER TABLE typed ALTER COLUMN y TYPE int;
INSERT INTO typed VALUES (1);
SELECT * FROM typed;
DROP TABLE typed;
DROP TYPE pair;
DROP SCHEMA tree_101 CASCADE;
