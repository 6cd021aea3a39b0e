SELECT nosuch FROM users
SELECT u.nosuch FROM users u
SELECT x.id FROM users u
SELECT users.id FROM users u
SELECT nam FROM users
SELECT emial FROM users
SELECT id FROM users, orders
SELECT id FROM nosuch
SELECT id FROM nosuch.users
SELECT * FROM users, users
SELECT * FROM users u JOIN orders u ON true
SELECT * FROM users u, (SELECT u.id) s
SELECT * FROM users u RIGHT JOIN LATERAL (SELECT u.id) s ON true
SELECT * FROM users u JOIN orders o ON o.id = i.order_id JOIN items i ON true
SELECT *
SELECT users FROM orders
SELECT lower(id) FROM users
SELECT nofunc(1)
SELECT nofunc(name, 'x') FROM users
SELECT sum(name) FROM users
SELECT app.nofunc(1)
SELECT nosuch.lower('x')
SELECT id + name FROM users
SELECT name + 1 FROM users
SELECT - name FROM users
SELECT '1' + '2'
SELECT id @@@ 1 FROM users
SELECT age LIKE 'x' FROM users
SELECT 'abc'::int
SELECT name::int4[] FROM users WHERE age = 'x'
SELECT age::date FROM users
SELECT name::nosuch FROM users
SELECT name::nosuch.thing FROM users
SELECT cast(true AS date)
SELECT '2020-13-01'::date
SELECT age::int4(3) FROM users
SELECT 1 FROM users WHERE age
SELECT 1 FROM users WHERE 1
SELECT 1 FROM users WHERE name AND true
SELECT NOT age FROM users
SELECT CASE WHEN age THEN 1 END FROM users
SELECT CASE WHEN true THEN 1 ELSE name END FROM users
SELECT coalesce(age, name) FROM users
SELECT greatest(1, now())
SELECT nullif(age, name) FROM users
SELECT ARRAY[1, now()]
SELECT ARRAY[]
SELECT age[1] FROM users
SELECT tags['x'] FROM orders
SELECT age IN ('a', 'b') FROM users
SELECT age IN (name, 'b') FROM users
SELECT (1, 2) = (1, 2, 3)
SELECT (age, id) < (1, 'x') FROM users
SELECT 1 = ANY (age) FROM users
SELECT age = ANY (ARRAY['x']) FROM users
SELECT age IS TRUE FROM users
SELECT (SELECT id, name FROM users)
SELECT 1 WHERE 1 IN (SELECT id, name FROM users)
SELECT 1 WHERE (1, 2) IN (SELECT id FROM users)
SELECT age FROM users GROUP BY name
SELECT name, count(*) FROM users
SELECT count(*) FROM users WHERE count(*) > 1
SELECT sum(count(*)) FROM users
SELECT 1 FROM users GROUP BY count(*)
SELECT count(*) FROM users GROUP BY 1
SELECT 1 FROM users u JOIN orders o ON count(*) > 1
SELECT (SELECT u.age) FROM users u GROUP BY name
SELECT name FROM users HAVING age > 1
SELECT age + 1 FROM users GROUP BY age + 2
SELECT email FROM users GROUP BY name ORDER BY age
SELECT name FROM users ORDER BY 2
SELECT name FROM users ORDER BY 'x'
SELECT name FROM users GROUP BY 3
SELECT name AS a, email AS a FROM users ORDER BY a
SELECT DISTINCT name FROM users ORDER BY age
SELECT DISTINCT ON (name) name FROM users ORDER BY age
SELECT count(DISTINCT name ORDER BY age) FROM users
SELECT lower(DISTINCT name) FROM users
SELECT lower(*) FROM users
SELECT lower(name) FILTER (WHERE true) FROM users
SELECT lower(name ORDER BY name) FROM users
SELECT count() FROM users
SELECT sum(generate_series(1, 2))
SELECT 1 FROM users WHERE generate_series(1, 2) = 1
SELECT CASE WHEN true THEN generate_series(1, 2) END
SELECT * FROM lower(generate_series(1, 2)::text)
SELECT row_number() FROM users
SELECT name FROM users LIMIT age
SELECT name FROM users LIMIT 'x'
SELECT name FROM users LIMIT true
SELECT 1 UNION SELECT 'x'
SELECT 1 UNION SELECT name FROM users
SELECT 1, 2 UNION SELECT 1
SELECT 1 AS a UNION SELECT 2 ORDER BY a + 1
SELECT 1 AS a UNION SELECT 2 ORDER BY b
SELECT data FROM orders UNION SELECT 'x'
VALUES (1, 2), (3)
VALUES (1), ('x')
VALUES (DEFAULT)
SELECT * FROM (VALUES (1, 2)) v(a, b, c)
SELECT * FROM users u(a, b, c, d, e, f)
SELECT * FROM users u JOIN orders o USING (nosuch)
SELECT * FROM users u JOIN orders o USING (name)
SELECT * FROM users u JOIN orders o ON true JOIN items i USING (id)
SELECT * FROM users u JOIN items o USING (name, name)
SELECT * FROM json_to_record('{}')
SELECT * FROM lower('x') AS t(a int)
WITH a AS (SELECT 1), a AS (SELECT 2) SELECT 1
WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a
WITH a(x, y) AS (SELECT 1) SELECT * FROM a
WITH RECURSIVE t AS (SELECT 1 FROM t) SELECT * FROM t
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n FROM t INTERSECT ALL SELECT n FROM t) SELECT * FROM t
WITH RECURSIVE t(n) AS (SELECT n FROM t UNION ALL SELECT 1) SELECT * FROM t
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT a.n FROM t a, t b) SELECT * FROM t
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT (SELECT n FROM t)) SELECT * FROM t
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT t.n FROM users LEFT JOIN t ON true) SELECT * FROM t
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT count(*) FROM t) SELECT * FROM t
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1.5 FROM t) SELECT * FROM t
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t ORDER BY 1) SELECT * FROM t
WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM a
WITH a AS (DELETE FROM users) SELECT * FROM a
SELECT * FROM (WITH a AS (DELETE FROM users RETURNING 1) SELECT * FROM a) x
SELECT DISTINCT name FROM users FOR UPDATE
SELECT count(*) FROM users FOR UPDATE
SELECT name FROM users FOR UPDATE OF orders
SELECT 1 UNION SELECT 2 FOR UPDATE
INSERT INTO users VALUES (1, 'x', 'y', 4, now(), 6)
INSERT INTO users (id, name) VALUES (1)
INSERT INTO users (id, name) VALUES ((1, 'x'))
INSERT INTO users (id, nosuch) VALUES (1, 2)
INSERT INTO users (id, id) VALUES (1, 2)
INSERT INTO users (id, name) VALUES (1, 2), (3)
INSERT INTO users (id, age) VALUES (1, now())
INSERT INTO users (id, age) VALUES (1, 'x')
INSERT INTO users (id, age) SELECT id, name FROM users
INSERT INTO users (id, age) SELECT id, 'x' FROM users
INSERT INTO users (id, age) SELECT id FROM users
INSERT INTO orders (id) VALUES (1)
INSERT INTO orders (id) VALUES (DEFAULT), (1)
INSERT INTO items (cost) VALUES (1)
INSERT INTO users (ctid) VALUES (1)
INSERT INTO nosuch VALUES (1)
INSERT INTO users (id) VALUES (1) ON CONFLICT ON CONSTRAINT nosuch DO NOTHING
INSERT INTO users (id) VALUES (1) ON CONFLICT DO UPDATE SET age = 1
INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET age = age + 1
INSERT INTO users (id) VALUES (1) RETURNING nosuch
INSERT INTO users (id) VALUES (1) RETURNING count(*)
INSERT INTO users (id) VALUES (id)
UPDATE users SET nosuch = 1
UPDATE users SET age = 1, age = 2
UPDATE users SET age = 'x'
UPDATE users SET age = name
UPDATE users u SET u.age = 1
UPDATE orders SET id = 1
UPDATE items SET cost = 1
UPDATE users SET (age, name) = (1, 'x', 2)
UPDATE users SET (age, name) = (SELECT 1)
UPDATE users SET (age, name) = age
UPDATE users SET age = 1 WHERE nosuch = 1
UPDATE users SET age = 1 FROM users WHERE true
UPDATE users SET age = 1 FROM (SELECT users.id) s
UPDATE users SET age = count(*)
DELETE FROM nosuch
DELETE FROM users WHERE nosuch = 1
DELETE FROM users u WHERE users.id = 1
DELETE FROM users USING users
SELECT pg_typeof($1)
SELECT $2 = 1
SELECT $1 + 1, lower($1)
SELECT nodb.public.users.id FROM users
SELECT * FROM nodb.public.users
SELECT public.users.id FROM users u
SELECT (name).x FROM users
SELECT (u).nosuch FROM users u
SELECT (ROW(1, 2)).x
SELECT name COLLATE nosuch FROM users
SELECT age COLLATE "C" FROM users
SELECT make_interval(years => 1, years => 2)
SELECT make_interval(years => 1, 2)
SELECT make_interval(nosuch => 1)
SELECT concat(VARIADIC 1)
SELECT to_json()
SELECT DISTINCT '{}'::json
SELECT 1 ORDER BY '{}'::json
SELECT id FROM users_pkey
SELECT interval '1 foo'
SELECT 1 / 'a'
SELECT jsonb '{"a"'
SELECT u.* FROM users
SELECT nosuch.* FROM users
SELECT (1).*
SELECT name.* FROM users
SELECT count(nosuch) FROM users
SELECT 1 FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id = u.nosuch)
SELECT max(age) FROM users WHERE id = (SELECT max(age))
SELECT name FROM users GROUP BY lower(name)
SELECT lower(name), name FROM users GROUP BY lower(name)
SELECT u.name, o.total FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.id
SELECT count(*) AS n FROM users ORDER BY n, age
SELECT name FROM users WHERE name = 1
SELECT name FROM users WHERE age = '1' || 'x'
SELECT name FROM users WHERE age BETWEEN 'a' AND 5
SELECT name FROM users WHERE created > 'yesterdayy'
SELECT * FROM users WHERE id = ANY ('{a}')
SELECT * FROM users WHERE id IN (SELECT name FROM users)
SELECT * FROM users WHERE (id, name) IN ((1, 2, 3))
SELECT * FROM users WHERE (id, name) = (SELECT 1)
SELECT substring(1 FROM 2)
SELECT extract(year FROM name) FROM users
SELECT date_trunc('day', name) FROM users
SELECT upper(name, 1) FROM users
SELECT round('1', '2', '3')
SELECT length(age) FROM users
SELECT array_agg('x'), array_length(1, 1)
SELECT unnest(age) FROM users
SELECT generate_series('a', 'b')
SELECT coalesce()
SELECT age::varchar(0) FROM users
SELECT age::numeric(2000) FROM users
SELECT 'abcdef'::varchar(3) = 5
SELECT data -> 1.5 FROM orders
SELECT data['a':'b'] FROM orders
SELECT ROW(1, 2) = ROW(1, 'x')
SELECT ROW(1, 2) = 3
SELECT ROW(1, 2) < ROW(1, '{}'::json)
SELECT NOT 'x'
SELECT true AND 'x'
SELECT 1 IS DISTINCT FROM 'x'
SELECT json '{}' = json '{}'
SELECT min(data) FROM orders
SELECT count(DISTINCT '{}'::json)
SELECT array_agg(u ORDER BY nosuch) FROM users u
SELECT string_agg(name) FROM users
SELECT string_agg(name, 1) FROM users
SELECT avg(created) FROM users
SELECT * FROM users u LEFT JOIN orders o ON o.user_id
SELECT * FROM users NATURAL JOIN nosuch
SELECT * FROM (SELECT 1 AS a, 2 AS a) x WHERE a = 1
SELECT x.a FROM (SELECT 1 AS a, 2 AS a) x
SELECT * FROM (SELECT 1) x(a), (SELECT x.a) y
SELECT * FROM generate_series(1, u.id) g, users u
SELECT * FROM users u, LATERAL (SELECT u.nosuch) x
SELECT * FROM nosuchfunc(1)
SELECT name FROM adults WHERE age > 1
SELECT adults.age FROM adults
SELECT t.done FROM todos t
SELECT users.name FROM app.todos
SELECT _seq FROM nosuch
SELECT 'a' UNION SELECT 'b' ORDER BY 3
SELECT age FROM users EXCEPT SELECT created FROM users
SELECT name FROM users INTERSECT SELECT 1
WITH x AS (SELECT nosuch FROM users) SELECT 1
WITH x AS (SELECT 1 AS a) SELECT b FROM x
WITH x AS (SELECT 1 AS a) SELECT * FROM x, x
INSERT INTO users SELECT * FROM orders
INSERT INTO users (name) VALUES (1 + 'x')
INSERT INTO users (name, age) VALUES ('a', 1, 2)
INSERT INTO users (created) VALUES ('not a date')
INSERT INTO users DEFAULT VALUES RETURNING 1 +
INSERT INTO orders (tags) VALUES (1)
INSERT INTO orders (tags) VALUES ('x')
INSERT INTO orders (total) VALUES ('abc')
INSERT INTO orders (data) VALUES (ARRAY[1])
INSERT INTO orders (id) OVERRIDING USER VALUE SELECT 'x'
INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET nosuch = 1
INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET age = excluded.nosuch
INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET age = 1 WHERE excluded.name
INSERT INTO users u (id) VALUES (1) RETURNING users.id
UPDATE users u SET age = 1 WHERE users.id = 1
UPDATE users SET age = (SELECT name FROM orders)
UPDATE users SET age = 1 RETURNING nosuch
UPDATE users SET age = 1 FROM orders WHERE id = 1
UPDATE users SET age = generate_series(1, 2)
UPDATE users SET age = DEFAULT + 1
DELETE FROM users WHERE count(*) > 1
DELETE FROM users RETURNING sum(age)
SELECT $1::int = $1::text
SELECT name FROM users WHERE id = $1 AND name = $1
SELECT $0
SELECT age FROM users LIMIT $1::text
