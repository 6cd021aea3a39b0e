-- Regressions found with PostgreSQL's own scripts: one section for each class of bug.
CREATE SCHEMA conformance; SET search_path = conformance;

-- numeric: what was stored is as exact as what was typed
CREATE TABLE nums (a numeric, b numeric(210, 10));
INSERT INTO nums VALUES (34338492.215397047, NULL), (-0.0000000000000000000000000001, NULL);
UPDATE nums SET b = a * a;
SELECT a * a, b, a + 1e30, a / 3 FROM nums ORDER BY a;
SELECT stddev(a), variance(a) FROM nums;
CREATE TABLE spread (a numeric);
INSERT INTO spread SELECT 9e131071 + x FROM generate_series(1, 5) x;
SELECT variance(a), stddev_pop(a) FROM spread;
SELECT round(4.5e131071, -131072), round(4.4e131071, -131071) = 4e131071, trunc(9.9e131071, -131073), round(5e-16383, 16382) = 1e-16382;
SELECT round(5.5e131071, -131072);
SELECT (i / (10::numeric ^ 131071))::numeric(1, 0) FROM generate_series(8 * (10::numeric ^ 131071), 9 * (10::numeric ^ 131071), 10::numeric ^ 131071) AS a (i);
SELECT 10.0 ^ (-2147483648), 10.0 ^ (-20);

-- interval: fields and precision of the type cut a literal too
SELECT interval '1 2:03:04' day to hour, interval '1 2:03:04' hour to minute, interval(2) '1 day 01:23:45.6789', interval '1.234' second(2);
SELECT '1 2:03:04'::interval day to hour, '5'::interval year, interval '5' minute;
PREPARE cut AS SELECT interval '1 2:03:04.567' day to second(1), $1::interval(0);
EXECUTE cut ('1.6 seconds');
SELECT interval '-9223372036854775808 microseconds', interval '-2147483648 months -2147483648 days -9223372036854775808 us';

-- date_bin before its origin, and out of range
SELECT date_bin('30 minutes', timestamp '2024-02-01 15:00:00', timestamp '2024-02-01 17:00:00'),
  date_bin('30 minutes', timestamp '2024-02-01 15:10:00', timestamp '2024-02-01 17:00:00');
SELECT date_bin('15 minutes'::interval, timestamp '294276-12-30', timestamp '4000-12-20 BC');

-- functions that return rows
CREATE TABLE pair (a int, b text);
SELECT json_each('{"a": 1}'), jsonb_each_text('{"k": "v"}');
SELECT to_jsonb(jsonb_each('{"a": [1]}'));
SELECT json_populate_recordset(row(1, 2), '[{"f1": 0, "f2": 1}, {"f2": 7}]');
SELECT (jsonb_populate_recordset(NULL::pair, '[{"a": 1, "b": "x"}]')).*;
SELECT json_populate_recordset(NULL::record, '[]');
SELECT * FROM json_to_recordset('[{"a": 1, "b": {"d":"foo", "d":2}}, {"a": 2, "b": [1,  2]}]') AS x (a int, b json);
SELECT * FROM json_to_record('{"ia": [[1, 2], [3, 4]], "ib": "{5,6}", "j": {"x": 1}}') AS x (ia int[], ib int[], j jsonb);
SELECT * FROM json_to_record('{"ia": 123}') AS x (ia int[]);
SELECT * FROM json_to_record('{"ia": [[1], 2]}') AS x (ia int[]);
SELECT * FROM json_to_record('{"ia": [[1], [2, 3]]}') AS x (ia int[]);
SELECT * FROM json_populate_recordset(row(0::int), '[{"a": "1"}]') q (a text, b text);

-- parts of columns
CREATE TABLE parts (id int PRIMARY KEY, a int[], m int[], t varchar(5)[], j jsonb);
INSERT INTO parts (id, a[1], a[3], j['k'][1]) VALUES (1, 10, 30, '"x"');
INSERT INTO parts (id, m[1:2][1:2], t[2:3]) VALUES (2, '{1,2,3,4}', '{abcde,f}'), (3, '{{5,6},{7,8}}', NULL);
UPDATE parts SET a[2] = 20, a[5] = a[1] WHERE id = 1;
UPDATE parts SET a[-1:0] = ARRAY[7, 8], j['n'] = '1', j['k'][0]['deep'] = 'true' WHERE id = 1;
UPDATE parts SET m[2][1] = 33, m[1:1][2:2] = '{22}' WHERE id > 1;
TABLE parts ORDER BY id;
UPDATE parts SET a[1] = 'x';
UPDATE parts SET a[NULL] = 1;
UPDATE parts SET a[1] = 1, a = '{}';
UPDATE parts SET m[9][9] = 1 WHERE id = 2;
UPDATE parts SET t[1] = 'too long' WHERE id = 2;
UPDATE parts SET a[1] = now();
UPDATE parts SET a[1] = DEFAULT;
UPDATE parts SET id[1] = 1;
UPDATE parts SET j['n']['m'] = '1' WHERE id = 1;
UPDATE parts SET (id, a[1]) = ROW (v.*) FROM (VALUES (9, 90)) AS v (x, y) WHERE id = 2 RETURNING id, a;
SELECT (ARRAY[1])[1][1][1][1][1][1][1];
SELECT pg_typeof(ARRAY['1 2'::int2vector]), ARRAY['1 2'::int2vector], ARRAY(SELECT '1 2'::oidvector FROM generate_series(1, 2));

-- a WITH query that depends on the row outside, read from deeper inside
CREATE TABLE four (f1 int); INSERT INTO four VALUES (0), (1), (2), (3);
SELECT (WITH cte (foo) AS (VALUES (f1)) SELECT (SELECT foo FROM cte)) FROM four ORDER BY 1;
SELECT (WITH cte (foo) AS MATERIALIZED (VALUES (f1)) SELECT (SELECT max(foo) FROM cte) + (SELECT count(*) FROM cte c, cte d)) FROM four ORDER BY 1;
SELECT f1, (WITH cte AS (SELECT f1 AS x) SELECT EXISTS (SELECT FROM cte WHERE x IN (SELECT x FROM cte WHERE x > 1))) FROM four ORDER BY 1;

-- a condition that counts is asked once for each distinct row
CREATE SEQUENCE calls;
SELECT * FROM (SELECT DISTINCT x % 3 AS r FROM generate_series(1, 30) x) ss WHERE r < 10 + nextval('calls') ORDER BY 1;
SELECT nextval('calls');

-- ON CONFLICT's index decides, whatever others say
CREATE TABLE arbiters (k int UNIQUE, f text UNIQUE); INSERT INTO arbiters VALUES (25, 'Fig');
INSERT INTO arbiters VALUES (25, 'Fig') ON CONFLICT (f) DO UPDATE SET f = 'fig';
INSERT INTO arbiters VALUES (25, 'new') ON CONFLICT (f) DO NOTHING;
TABLE arbiters;

-- DISTINCT in aggregates
CREATE TABLE words (w varchar(9)); INSERT INTO words VALUES ('b'), ('a'), ('b');
SELECT string_agg(DISTINCT w, ',' ORDER BY w) FROM words;
SELECT string_agg(DISTINCT w, ',' ORDER BY w::text) FROM words;
SELECT jsonb_object_agg(DISTINCT 'a', 'abc');

-- names
SELECT * FROM (four a JOIN four b USING (f1) AS u) AS x WHERE u.f1 = 1;
SELECT * FROM four a1 JOIN four a2 USING (f1) AS a1;
SELECT u.f1 FROM four a JOIN four b USING (f1) AS u WHERE u.f1 = 1;
SELECT (SELECT (p.*)::text) FROM pair p;

-- statistics are texts of any type
ANALYZE four;
SELECT most_common_vals, pg_typeof(histogram_bounds) FROM pg_stats WHERE tablename = 'four';

SET client_min_messages = error; DROP SCHEMA conformance CASCADE;
