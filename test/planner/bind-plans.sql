SELECT 1
SELECT id, name FROM users WHERE id = $1
SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE u.age > 3 ORDER BY u.name, upper(o.note) LIMIT 10
SELECT u.name, count(*), sum(o.total) s FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id HAVING count(*) > 1 ORDER BY s DESC
SELECT DISTINCT name FROM users ORDER BY name
SELECT DISTINCT ON (age) age, name FROM users ORDER BY age, created DESC
SELECT generate_series(1,3), generate_series(1,2)+1, name FROM users ORDER BY name LIMIT 2
SELECT * FROM users NATURAL JOIN app.todos
SELECT id FROM users u JOIN app.todos t USING (id) ORDER BY id
SELECT (SELECT max(total) FROM orders WHERE user_id = u.id) FROM users u WHERE EXISTS (SELECT 1 FROM items i WHERE i.order_id = u.age) AND name IN (SELECT note FROM orders)
SELECT 1 UNION SELECT '2' UNION ALL SELECT 3.5 ORDER BY 1
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM t WHERE n < 10) SELECT sum(n) FROM t
WITH a AS (SELECT id FROM users), b AS MATERIALIZED (SELECT * FROM a) SELECT * FROM b x, b y
INSERT INTO users (id, name) VALUES (1, 'x') RETURNING *
INSERT INTO users (id, name, age) VALUES (1, 'x', DEFAULT), (2, 'y', 3)
INSERT INTO items (order_id, line, name, qty) SELECT id, 1, 'x', 5 FROM users ON CONFLICT (order_id, line) DO UPDATE SET name = excluded.name, qty = items.qty + 1 WHERE items.qty < 5 RETURNING cost
UPDATE users SET age = age + 1, email = $2 WHERE id = $1 RETURNING age
UPDATE users u SET name = o.note FROM orders o WHERE o.user_id = u.id
DELETE FROM orders USING users u WHERE orders.user_id = u.id AND u.age < $1 RETURNING orders.id, u.name
SELECT * FROM adults a WHERE a.id = 3 FOR UPDATE
SELECT name FROM users WHERE id = 4 FOR UPDATE SKIP LOCKED
SELECT * FROM unnest(ARRAY[1,2], ARRAY['a','b']) WITH ORDINALITY AS t(a,b,n), generate_series(1, t.a) g
SELECT u FROM users u
SELECT count(*) FILTER (WHERE age > 3), string_agg(DISTINCT name, ',' ORDER BY name), count(*) FILTER (WHERE age > 3) + 1 FROM users
SELECT x.a FROM (SELECT 1 AS a, 'q' AS b) x LEFT JOIN LATERAL (SELECT x.a AS z) y ON true
SELECT unnest(tags) AS tag, count(*) FROM orders GROUP BY tag ORDER BY 2 DESC
SELECT unnest(tags) AS tag, count(*), sum(total) FROM orders GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 3
SELECT DISTINCT unnest(tags) FROM orders ORDER BY 1
SELECT unnest(array_agg(name)) FROM users GROUP BY age
SELECT CASE WHEN age > 3 THEN 'x' ELSE name END, coalesce(age, 0), nullif(name, 'x'), greatest(1, 2.5), name LIKE 'a%', age BETWEEN 1 AND 5, age IN (1,2,u.id), (1,2) < (3,4), ARRAY[1,2,3], ('{1,2}'::int[])[1], data->>'a', now()::date, current_date, current_user, '1 day'::interval FROM users u, orders
SELECT count(*) FROM (SELECT 1) x GROUP BY ()
WITH a AS (SELECT random() AS r) SELECT * FROM a
WITH a AS (SELECT id FROM users) SELECT (SELECT count(*) FROM a) FROM orders
WITH a AS (SELECT id FROM users) SELECT (SELECT count(*) FROM a WHERE a.id = orders.id) FROM orders
WITH d AS (DELETE FROM users RETURNING id) INSERT INTO app.todos (id) SELECT id FROM d
SELECT o.id FROM orders o WHERE o.total > (SELECT avg(total) FROM orders p WHERE p.user_id = o.user_id) ORDER BY total DESC NULLS LAST FETCH FIRST 3 ROWS WITH TIES
SELECT * FROM users a LEFT JOIN (users b JOIN LATERAL (SELECT b.id AS x, count(*) FROM orders o WHERE o.user_id = b.id) c ON c.x = b.id) ON a.id = b.id
SELECT _seq, _updated, _deleted, title FROM app.todos
SELECT id FROM users WHERE created > 'now' AND created < 'yesterday'::timestamptz AND email = 'x'
SELECT (a).n FROM (SELECT information_schema._pg_expandarray(ARRAY[1,2]) a) q
SELECT string_agg(name, ',' ORDER BY age DESC, id), (SELECT sum(users.age) FROM orders LIMIT 1) FROM users
SELECT k.id, title FROM users FULL JOIN app.todos USING (id) AS k ORDER BY k.id
VALUES (1, 'a'), (2, NULL) ORDER BY 1 DESC LIMIT 1
INSERT INTO users (id, name) VALUES (generate_series(1, 3), 'x')
INSERT INTO orders (id, note) OVERRIDING SYSTEM VALUE VALUES (5, DEFAULT), (DEFAULT, 'x')
UPDATE items SET (qty, name) = (SELECT 1, o.note FROM orders o WHERE o.id = items.order_id), price = 3 WHERE line = 2 RETURNING *, qty * 2
SELECT 1 FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 1 ORDER BY o.id FOR UPDATE OF o NOWAIT
SELECT * FROM (SELECT id FROM users WHERE age > 1) s FOR SHARE
