-- What test/fuzz has found, cut down.
CREATE SCHEMA found;
SET search_path = found;
CREATE TABLE numbers (id int PRIMARY KEY, big int8, list int[], nothing int);
INSERT INTO numbers VALUES (4, 9007199254740993, '{-2,4,7}', NULL);
-- Integers around 2^53.
SELECT id - big, big - id, 9007199254740991::int8, -9007199254740991::int8, -9007199254740990::int8 - 1 FROM numbers;
-- Subscripts of what is in parentheses.
SELECT (list[1:2])[1], (list[2:3])[1:1], (list)[2] FROM numbers;
SELECT (list[1])[1] FROM numbers;
-- Bins that start before the origin.
SELECT date_bin('2 hours', '2024-01-01', timestamp '2024-03-29'), date_bin('2 hours', '2024-01-01 00:30', timestamp '2024-03-29');
-- Full joins whose condition is no comparison of rows.
SELECT a.x, b.y FROM (VALUES (1), (2)) AS a (x) FULL JOIN (VALUES (3)) AS b (y) ON false ORDER BY 1, 2;
SELECT a.x, b.y FROM (VALUES (1), (2)) AS a (x) FULL JOIN (VALUES (3)) AS b (y) ON true ORDER BY 1, 2;
SELECT a.x, b.y FROM (VALUES (1), (2)) AS a (x) FULL JOIN (VALUES (3)) AS b (y) ON a.x < b.y;
-- A sub-query's comparison with another sub-query in it.
SELECT 'yes' WHERE (1 IN (SELECT 1)) <= ALL (SELECT true FROM numbers);
SELECT id FROM numbers WHERE (id IN (SELECT nothing FROM numbers)) IS NULL AND (id IN (SELECT 4)) = ANY (SELECT id = 4 FROM numbers);
-- A CTE that is computed where it is read, in a sub-query of another, and looks outside of both.
SELECT a.id, q.n FROM numbers AS a
  LEFT JOIN LATERAL (WITH w AS (SELECT b.id FROM numbers AS b WHERE b.id = a.id), v AS (SELECT 1 AS n WHERE EXISTS (SELECT FROM w)) SELECT n FROM v) AS q ON true;
-- Arguments are computed even when another is NULL.
CREATE SEQUENCE counter;
SELECT nothing + nextval('counter'), nothing > nextval('counter'), NULLIF(nothing, nextval('counter')), nothing = 1 / (id - 3) FROM numbers;
SELECT nothing = 1 / (id - 4) FROM numbers;
SELECT nextval('counter');
SELECT ('{}'::int[])[1 / (id - 4)] FROM numbers;
-- Sub-queries that are written alike are one expression.
SELECT (SELECT max(u.id) FROM numbers AS u WHERE u.id = t.id), count(*) FROM numbers AS t GROUP BY (SELECT max(u.id) FROM numbers AS u WHERE u.id = t.id);
SELECT (SELECT max(u.id) FROM numbers AS u WHERE u.id = t.big), count(*) FROM numbers AS t GROUP BY (SELECT max(u.id) FROM numbers AS u WHERE u.id = t.id);
SELECT id IN (SELECT 4), count(*) FROM numbers GROUP BY id IN (SELECT 4);
SELECT array_agg(DISTINCT (SELECT t.id) ORDER BY (SELECT t.id) DESC) FROM numbers AS t;
-- One row that meets very many is no reason not to look at the clock.
SET statement_timeout = '500ms';
SELECT count(*) FROM (SELECT x * 0 AS k FROM generate_series(1, 40000) AS x) AS a JOIN (SELECT x * 0 AS k, x FROM generate_series(1, 40000) AS x) AS b ON a.k = b.k AND a.k + b.x < 0;
RESET statement_timeout;
-- Years before Christ in the message.
SELECT make_date(-2, -2, -2);
-- What has effects is computed last.
CREATE TABLE numbered (id serial, n int2, PRIMARY KEY (id));
INSERT INTO numbered (n) VALUES (100000);
INSERT INTO numbered (n) VALUES (1) RETURNING id;
-- Temporary tables may be written in a transaction that only reads.
CREATE TEMP TABLE scratch (n int PRIMARY KEY);
BEGIN READ ONLY;
INSERT INTO scratch VALUES (1), (2);
UPDATE scratch SET n = 3 WHERE n = 1;
DELETE FROM scratch WHERE n = 2 RETURNING n;
SAVEPOINT s;
INSERT INTO numbered (n) VALUES (1);
ROLLBACK TO s;
UPDATE numbered SET n = 1;
ROLLBACK TO s;
DELETE FROM numbered;
COMMIT;
SELECT * FROM scratch;
DROP TABLE scratch;
RESET search_path;
DROP SCHEMA found CASCADE;
