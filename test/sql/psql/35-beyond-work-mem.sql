-- What does not fit in work_mem goes to files, with the same answers.
CREATE SCHEMA beyond_work_mem;
SET search_path = beyond_work_mem;
SET work_mem = '64kB';
CREATE TABLE big (id int PRIMARY KEY, g int, x int, t text);
INSERT INTO big SELECT i, i % 7, (i::bigint * 104729 % 10007)::int, 'name ' || i % 4999 FROM generate_series(1, 20000) i;
-- One partition, many partitions, frames that look back and forth.
SELECT sum(r), sum(s), sum(l), sum(f), sum(m) FROM (SELECT row_number() OVER w r, sum(x) OVER (w ROWS BETWEEN 100 PRECEDING AND 100 FOLLOWING) s, lag(x, 5000) OVER w l, first_value(x) OVER w f, max(x) OVER (w ROWS BETWEEN 3000 PRECEDING AND CURRENT ROW) m FROM big WINDOW w AS (ORDER BY id)) q;
SELECT sum(r), sum(d), sum(c) FROM (SELECT rank() OVER w r, dense_rank() OVER w d, count(*) OVER (PARTITION BY g) c FROM big WINDOW w AS (PARTITION BY g ORDER BY x)) q;
SELECT sum(n), sum(p) FROM (SELECT ntile(9) OVER (ORDER BY x, id) n, count(*) OVER (ORDER BY x RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) p FROM big) q;
-- Groups.
SELECT count(*), sum(n), sum(g), count(t) FROM (SELECT g, t, count(*) n FROM big GROUP BY ROLLUP (g, t)) q;
SELECT count(*), sum(n) FROM (SELECT x, t, count(*) n FROM big GROUP BY GROUPING SETS ((x, t), (x), (t), ())) q;
-- Aggregates that sort.
SELECT md5(string_agg(t, ',' ORDER BY x, id)), array_length(array_agg(DISTINCT t), 1), count(DISTINCT t), count(DISTINCT x) FROM big;
SELECT g, count(DISTINCT x), md5(string_agg(DISTINCT t, '' ORDER BY t DESC)) FROM big GROUP BY g ORDER BY g;
SELECT percentile_cont(0.3) WITHIN GROUP (ORDER BY x), percentile_disc(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY t COLLATE "C"), mode() WITHIN GROUP (ORDER BY t), rank(500) WITHIN GROUP (ORDER BY x) FROM big;
SELECT length(json_agg(big ORDER BY id)::text), jsonb_array_length(jsonb_agg(t)) FROM big;
-- Sorting, also of a part.
SELECT md5(string_agg(id::text, ',')) FROM (SELECT id FROM big ORDER BY x, id) q;
SELECT md5(string_agg(id::text, ',')) FROM (SELECT id FROM big ORDER BY x DESC, id LIMIT 15000) q;
SELECT id FROM big ORDER BY x, id OFFSET 19990 FETCH FIRST 2 ROWS WITH TIES;
-- Set operations and searches.
SELECT count(*), sum(x) FROM (SELECT x, t FROM big EXCEPT SELECT x, t FROM big WHERE id > 12000) q;
SELECT count(*), sum(x) FROM (SELECT x FROM big INTERSECT ALL SELECT x FROM big WHERE id > 9000) q;
SELECT count(*) FROM (SELECT g, t FROM big EXCEPT ALL SELECT g, t FROM big WHERE g = 3) q;
WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT n + 1 FROM r WHERE n < 20000) SELECT count(*), sum(n) FROM r;
