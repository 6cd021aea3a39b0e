-- Parts of values of fixed size.
CREATE TEMP TABLE pt (p point, b box, l lseg, n name, i int);
INSERT INTO pt VALUES ('(1,2)', '(3,4),(1,2)', '[(1,2),(3,4)]', 'abc', 1), (NULL, NULL, NULL, NULL, 2);
SELECT p[0], p[1], p[2], b[0], b[1], l[1], l[1][0], n[1], p[NULL] FROM pt;
SELECT p[0:1] FROM pt;
UPDATE pt SET p[0] = 7, b[0] = '(9,9)', n[1] = 'x' RETURNING *;
UPDATE pt SET p[1] = NULL RETURNING p;
UPDATE pt SET p[3] = 1 WHERE i = 1;
INSERT INTO pt (p[0]) VALUES (3) RETURNING p;
SELECT ('(1,2)'::point)['a'];
-- Rows whose columns are all NULL are rows, but where an outer join gave none.
SELECT r, r IS NULL AS isnull FROM (SELECT NULL::int AS a, NULL::int AS b) r;
SELECT l, r, r IS NULL AS isnull FROM (VALUES (1), (2)) l (a) LEFT JOIN (SELECT 2 AS a, NULL::text AS t) r USING (a) ORDER BY 1;
SELECT count(r) FROM (VALUES (NULL::int), (1)) r (a);
-- What lies in memory, and operators of other orders.
SELECT row(1, -2) *< row(1, 3), row(1.0) *= row(1.00), row('a'::text) *< row('b'::text), row(1, NULL) *= row(1, NULL);
SELECT row(point '(1,2)') *<> row(point '(1,3)');
SELECT row(point '(1,2)') <> row(point '(1,3)');
SELECT row('ABC', 'DEF') ~<=~ row('DEF', 'ABC'), row('ABC', 'DEF') ~>=~ row('DEF', 'ABC'), row('A', 'B') ~=~ row('A', 'B');
SELECT row(1, 2) *< row('a', 2);
-- Constants are computed before any row is.
CREATE TEMP TABLE ct (i int);
SELECT 1 / 0 FROM ct;
SELECT CASE WHEN i > 0 THEN 1 / 0 ELSE 0 END FROM ct;
SELECT CASE 1 WHEN 0 THEN 1 / 0 WHEN 1 THEN 1 ELSE 2 / 0 END, CASE WHEN 1 = 0 THEN 1 / 0 ELSE 1 END, coalesce(1, 1 / 0), false AND 1 / 0 = 1;
SELECT true OR 1 / 0 = 1, 1 / 0 = 1 OR true;
-- A function over a row as one of its columns, and system columns.
SELECT c.row_to_json FROM (SELECT 1 AS a) c;
INSERT INTO ct VALUES (1) RETURNING xmax = 0 AS inserted, xmin = pg_current_xact_id()::xid AS mine, cmin, cmax;
CREATE UNIQUE INDEX ON ct (i);
INSERT INTO ct VALUES (1), (2) ON CONFLICT (i) DO UPDATE SET i = excluded.i RETURNING i, xmax = 0 AS inserted;
INSERT INTO ct VALUES (1) ON CONFLICT (i) DO UPDATE SET i = excluded.ctid;
INSERT INTO ct VALUES (1) ON CONFLICT (ii) DO UPDATE SET i = excluded.i;
INSERT INTO ct VALUES (1) ON CONFLICT (i) DO UPDATE SET i = excluded.ii;
INSERT INTO ct VALUES (1) ON CONFLICT (i) DO UPDATE SET i = excluded.i RETURNING excluded.i;
-- Names that are not where they are looked for.
SELECT i FROM ct UNION SELECT 1 AS j ORDER BY j;
SELECT i FROM ct UNION SELECT 1 UNION (SELECT 2 AS k) ORDER BY k;
SELECT i FROM ct JOIN (VALUES (1)) v (i) USING (i) AS u FOR UPDATE OF u;
SELECT * FROM (ct JOIN (VALUES (1)) v (i) USING (i)) AS w FOR UPDATE OF w;
WITH ct AS (SELECT 1) INSERT INTO ct SELECT 5;
WITH none AS (SELECT 1) INSERT INTO none SELECT 5;
WITH RECURSIVE m (n) AS (VALUES (1::money) UNION SELECT n + 1::money FROM m WHERE n < 3::money) SELECT * FROM m;
WITH RECURSIVE x (c) AS (SELECT 1 UNION (WITH x AS (SELECT * FROM x) SELECT * FROM x)) SEARCH DEPTH FIRST BY c SET s SELECT * FROM x;
SELECT t.i FROM ct t LEFT JOIN (SELECT 1::bigint AS i) u USING (i) GROUP BY i;
SELECT parse_ident('a.1'), parse_ident('.a');
SELECT float8send(1.5), int4send(7), textsend('ab'), array_send(ARRAY[1]);
