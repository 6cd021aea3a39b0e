CREATE SCHEMA tree_102;
SET search_path = tree_102;
-- Rows find their partition, whatever their columns' order there.
CREATE TABLE m (a int, b text, c int DEFAULT 1) PARTITION BY LIST (b);
CREATE TABLE m_x (c int DEFAULT 5, gone int, b text, a int);
ALTER TABLE m_x DROP COLUMN gone;
ALTER TABLE m ATTACH PARTITION m_x FOR VALUES IN ('x');
CREATE TABLE m_r PARTITION OF m FOR VALUES IN ('y', 'z') PARTITION BY RANGE (a);
CREATE TABLE m_r1 PARTITION OF m_r FOR VALUES FROM (0) TO (10);
CREATE TABLE m_r2 (b text, a int, c int);
ALTER TABLE m_r ATTACH PARTITION m_r2 FOR VALUES FROM (10) TO (20);
INSERT INTO m VALUES (1, 'x'), (2, 'y'), (15, 'z') RETURNING tableoid::regclass, *;
INSERT INTO m VALUES (1, 'q');
INSERT INTO m VALUES (1, NULL);
INSERT INTO m VALUES (25, 'y');
INSERT INTO m_r VALUES (5, 'y', 2) RETURNING *;
INSERT INTO m_r VALUES (5, 'x');
INSERT INTO m_r VALUES (NULL, 'y');
INSERT INTO m_x (a, b) VALUES (7, 'x') RETURNING *;
INSERT INTO m_x VALUES (7, 'y', 3);
INSERT INTO m_r1 VALUES (15, 'y');
INSERT INTO m SELECT i, CASE WHEN i % 3 = 0 THEN 'x' WHEN i % 3 = 1 THEN 'y' ELSE 'z' END FROM generate_series(1, 9) i;
COPY m (a, b) FROM stdin;
3	x
4	y
\.
COPY m (a, b) FROM stdin;
30	y
\.
SELECT tableoid::regclass, * FROM m ORDER BY b, a, c;
SELECT tableoid::regclass, count(*), sum(c) FROM m GROUP BY 1 ORDER BY 1;
COPY (SELECT * FROM m WHERE b = 'x' ORDER BY a) TO stdout;
-- Changes, and moves.
UPDATE m SET c = c + 100 WHERE a < 3 RETURNING tableoid::regclass, *;
UPDATE m SET b = 'z' WHERE b = 'x' AND a = 7 RETURNING tableoid::regclass, *;
UPDATE m SET a = a + 10 WHERE b = 'y' AND a = 5 RETURNING tableoid::regclass, *;
UPDATE m SET b = 'nowhere' WHERE a = 15;
UPDATE m_r SET b = 'x' WHERE a = 15;
UPDATE m_r SET a = 3 WHERE a = 15 AND b = 'z' RETURNING tableoid::regclass, *;
UPDATE m_r1 SET a = 12 WHERE a = 2;
UPDATE m SET (a, b) = (1, 'x') WHERE a = 4 RETURNING *;
UPDATE m SET c = s.v FROM (VALUES (3, 33)) s (a, v) WHERE m.a = s.a AND b = 'x' RETURNING tableoid::regclass, m.*, s.v;
DELETE FROM m WHERE a = 1 RETURNING tableoid::regclass, *;
DELETE FROM m_r USING m_x WHERE m_x.a = m_r.a;
SELECT tableoid::regclass, * FROM m ORDER BY b, a, c;
WITH moved AS (UPDATE m SET b = 'x' WHERE b = 'z' RETURNING *), gone AS (DELETE FROM m WHERE b = 'y' RETURNING *)
  SELECT 'moved' AS what, * FROM moved UNION ALL SELECT 'gone', * FROM gone ORDER BY 1, 2, 3, 4;
SELECT tableoid::regclass, * FROM m ORDER BY b, a, c;
MERGE INTO m USING (VALUES (3, 'y'), (100, 'x'), (8, 'z')) v (a, b) ON m.a = v.a
  WHEN MATCHED AND m.a = 8 THEN DELETE
  WHEN MATCHED THEN UPDATE SET b = v.b
  WHEN NOT MATCHED THEN INSERT (a, b) VALUES (v.a, v.b);
SELECT tableoid::regclass, * FROM m ORDER BY b, a, c;
SELECT * FROM m WHERE a = 3 FOR UPDATE;
SELECT m FROM m ORDER BY a LIMIT 2;
DROP TABLE m;
-- Keys and ON CONFLICT.
CREATE TABLE k (id int, part int, v text, PRIMARY KEY (id, part)) PARTITION BY RANGE (part);
CREATE TABLE k1 PARTITION OF k FOR VALUES FROM (0) TO (10);
CREATE TABLE k2 (v text, part int NOT NULL, id int NOT NULL, PRIMARY KEY (id, part));
ALTER TABLE k ATTACH PARTITION k2 FOR VALUES FROM (10) TO (20);
INSERT INTO k VALUES (1, 1, 'a'), (1, 11, 'b');
INSERT INTO k VALUES (1, 1, 'c');
INSERT INTO k VALUES (1, 11, 'c');
INSERT INTO k VALUES (1, 1, 'c') ON CONFLICT DO NOTHING RETURNING *;
INSERT INTO k VALUES (1, 11, 'd') ON CONFLICT (id, part) DO UPDATE SET v = excluded.v || k.v RETURNING tableoid::regclass, *;
INSERT INTO k VALUES (1, 11, 'd') ON CONFLICT (id, part) DO UPDATE SET part = 1;
INSERT INTO k VALUES (1, 11, 'd') ON CONFLICT (id, part) DO UPDATE SET id = 2 WHERE k.v = 'db' RETURNING *;
INSERT INTO k VALUES (9, 1, 'e') ON CONFLICT ON CONSTRAINT k_pkey DO UPDATE SET v = 'never' RETURNING *;
INSERT INTO k VALUES (9, 1, 'e') ON CONFLICT (id) DO NOTHING;
INSERT INTO k VALUES (9, 1, 'e'), (9, 1, 'f') ON CONFLICT (id, part) DO UPDATE SET v = excluded.v;
UPDATE k SET part = 1 WHERE part = 11;
UPDATE k SET part = 12, v = 'moved' WHERE id = 1 RETURNING tableoid::regclass, *;
SELECT tableoid::regclass, * FROM k ORDER BY 2, 3;
CREATE TABLE bad (a int PRIMARY KEY, b int) PARTITION BY LIST (b);
CREATE TABLE bad (a int, b int, UNIQUE (a)) PARTITION BY LIST (b);
CREATE TABLE bad (a int PRIMARY KEY) PARTITION BY LIST ((a + 1));
CREATE UNIQUE INDEX ON k (id);
CREATE UNIQUE INDEX k_vp ON k (v, part) WHERE id > 1;
CREATE INDEX ON k (lower(v));
CREATE INDEX CONCURRENTLY ON k (v);
\d k
\d k1
\d k2
CREATE TABLE k3 PARTITION OF k FOR VALUES FROM (20) TO (30) PARTITION BY HASH (id);
CREATE TABLE k3 PARTITION OF k FOR VALUES FROM (20) TO (30) PARTITION BY HASH (part);
CREATE TABLE k3a PARTITION OF k3 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
\d k3
\d k3a
DROP INDEX k1_lower_idx;
DROP INDEX k_lower_idx;
ALTER TABLE k1 DROP CONSTRAINT k1_pkey;
ALTER TABLE k DROP CONSTRAINT k_pkey;
\d k3a
ALTER TABLE k ADD PRIMARY KEY (id, part);
ALTER TABLE k ADD UNIQUE (v, part);
\d k2
SELECT indexrelid::regclass, indrelid::regclass, indisunique, indisprimary FROM pg_index WHERE indrelid::regclass::text ~ '^k' ORDER BY 1;
SELECT inhrelid::regclass, inhparent::regclass FROM pg_inherits WHERE inhparent::regclass::text = 'k_pkey' ORDER BY 1;
SELECT conrelid::regclass, conname, conislocal, coninhcount, conparentid <> 0 AS has_parent FROM pg_constraint WHERE conrelid::regclass::text ~ '^k' ORDER BY 1, 2;
CREATE INDEX later ON ONLY k (part);
SELECT indisvalid FROM pg_index WHERE indexrelid = 'later'::regclass;
CREATE INDEX later1 ON k1 (part);
CREATE INDEX later2 ON k2 (id);
ALTER INDEX later ATTACH PARTITION later1;
ALTER INDEX later ATTACH PARTITION later1;
ALTER INDEX later ATTACH PARTITION later2;
CREATE INDEX later2b ON k2 (part);
ALTER INDEX later ATTACH PARTITION later2b;
CREATE INDEX later3 ON k3 (part);
ALTER INDEX later ATTACH PARTITION later3;
SELECT indisvalid FROM pg_index WHERE indexrelid = 'later'::regclass;
SELECT relid, isleaf, level FROM pg_partition_tree('later') ORDER BY level, relid::text;
DROP TABLE k;
-- Foreign keys, both ways.
CREATE TABLE pk (id int, part int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
CREATE TABLE pk1 PARTITION OF pk FOR VALUES IN (1);
CREATE TABLE pk2 PARTITION OF pk FOR VALUES IN (2);
CREATE TABLE fk (a int, b int, x int, FOREIGN KEY (a, b) REFERENCES pk ON UPDATE CASCADE ON DELETE CASCADE) PARTITION BY RANGE (x);
CREATE TABLE fk1 PARTITION OF fk FOR VALUES FROM (0) TO (10);
INSERT INTO pk VALUES (1, 1), (1, 2), (2, 2);
INSERT INTO fk VALUES (1, 1, 1), (1, 2, 2), (2, 2, 3);
INSERT INTO fk VALUES (2, 1, 4);
INSERT INTO fk VALUES (5, 5, 4);
INSERT INTO fk1 VALUES (5, 2, 4);
DELETE FROM pk WHERE id = 2;
SELECT * FROM fk ORDER BY x;
UPDATE pk SET id = 10 WHERE id = 1 AND part = 2;
SELECT * FROM fk ORDER BY x;
UPDATE pk SET part = 2 WHERE part = 1;
SELECT tableoid::regclass, * FROM pk ORDER BY 2, 3;
SELECT * FROM fk ORDER BY x;
CREATE TABLE fk2 (a int, b int, x int);
INSERT INTO fk2 VALUES (77, 2, 15);
ALTER TABLE fk ATTACH PARTITION fk2 FOR VALUES FROM (10) TO (20);
DELETE FROM fk2;
ALTER TABLE fk ATTACH PARTITION fk2 FOR VALUES FROM (10) TO (20);
\d fk2
\d pk
ALTER TABLE fk2 DROP CONSTRAINT fk_a_b_fkey;
ALTER TABLE fk DROP CONSTRAINT fk_a_b_fkey;
\d fk2
ALTER TABLE fk ADD FOREIGN KEY (a, b) REFERENCES pk NOT VALID;
ALTER TABLE ONLY fk ADD FOREIGN KEY (a, b) REFERENCES pk;
ALTER TABLE fk ADD CONSTRAINT again FOREIGN KEY (a, b) REFERENCES pk;
TRUNCATE pk;
DROP TABLE pk1;
DROP TABLE pk;
TRUNCATE pk, fk;
DROP TABLE fk;
DROP TABLE pk;
-- Attaching and detaching.
CREATE TABLE ad (a int NOT NULL, b text, CHECK (a > 0)) PARTITION BY RANGE (a);
CREATE TABLE ad_rest PARTITION OF ad DEFAULT;
CREATE TABLE one (a int, b text);
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
ALTER TABLE one ALTER a SET NOT NULL;
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
ALTER TABLE one ADD CONSTRAINT ad_a_check CHECK (a > 1);
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
ALTER TABLE one DROP CONSTRAINT ad_a_check, ADD CONSTRAINT ad_a_check CHECK (a > 0);
ALTER TABLE one ADD COLUMN z int;
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
ALTER TABLE one DROP COLUMN z, ALTER b TYPE varchar;
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
ALTER TABLE one ALTER b TYPE text;
INSERT INTO one VALUES (20, 'x');
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
UPDATE one SET a = 5;
INSERT INTO ad VALUES (6, 'default');
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
DELETE FROM ad;
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
ALTER TABLE ad ATTACH PARTITION one FOR VALUES FROM (1) TO (10);
ALTER TABLE one ATTACH PARTITION ad_rest FOR VALUES IN (1);
CREATE TABLE top (a int NOT NULL, b text) PARTITION BY LIST (b);
ALTER TABLE top ATTACH PARTITION ad FOR VALUES IN ('x');
ALTER TABLE ad ATTACH PARTITION top DEFAULT;
SELECT tableoid::regclass, * FROM top;
INSERT INTO top VALUES (7, 'x'), (70, 'x') RETURNING tableoid::regclass, *;
INSERT INTO top VALUES (7, 'y');
\d+ one
ALTER TABLE ad DETACH PARTITION nothing;
ALTER TABLE ad DETACH PARTITION top;
ALTER TABLE ad DETACH PARTITION one CONCURRENTLY;
ALTER TABLE ad DETACH PARTITION one;
\d one
SELECT * FROM ad;
ALTER TABLE one INHERIT ad;
ALTER TABLE one ATTACH PARTITION ad FOR VALUES IN (1);
ALTER TABLE top DETACH PARTITION ad;
DROP TABLE ad_rest;
INSERT INTO ad VALUES (1, 'x');
DROP TABLE ad, top, one;
-- Identity, generated columns and sequences.
CREATE TABLE g (id int GENERATED BY DEFAULT AS IDENTITY, a int, b int GENERATED ALWAYS AS (a + 1) STORED, s serial) PARTITION BY RANGE (a);
CREATE TABLE g1 PARTITION OF g FOR VALUES FROM (0) TO (10);
CREATE TABLE g2 PARTITION OF g FOR VALUES FROM (10) TO (20);
INSERT INTO g (a) VALUES (1), (11), (2) RETURNING tableoid::regclass, *;
INSERT INTO g1 (a, id) VALUES (3, 100) RETURNING *;
UPDATE g SET a = a + 10 WHERE a < 3 RETURNING tableoid::regclass, *;
DROP TABLE g;
DROP SCHEMA tree_102 CASCADE;
