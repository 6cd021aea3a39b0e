SELECT 1, 'a', 1.5, 2147483648, 9223372036854775808, 1e10, true, NULL, -1, - 5, -2147483648
SELECT * FROM users
SELECT u.*, o.id FROM users u JOIN orders o ON o.user_id = u.id
SELECT id AS a, name b, age + 1, lower(name), u.email FROM users u
SELECT 'a'::varchar(5), name::varchar(3), 1::numeric(5,2), '1'::char(3), 'x'::bpchar, now()::timestamp(3), '1'::interval second, 'a'::name FROM users
SELECT email || 'x', email || name, age || 'x', 'a' || 'b', 1 || 'a' FROM users
SELECT age + 1.5, age / 2, age * price, qty + 1, qty + qty, id + age, 5 / 2.0, 2 ^ 3, 5 % 3, total * 2, total / 3 FROM users, items, (SELECT total FROM orders) o
SELECT sum(age), sum(id), avg(age), avg(price), sum(qty), min(items.name), max(email), count(*), count(DISTINCT age), sum(total), bool_and(age > 1) FROM users, items, (SELECT total FROM orders) o
SELECT string_agg(name, ','), array_agg(age), array_agg(name ORDER BY age), json_agg(u), jsonb_agg(age), array_agg(tags) FROM users u, (SELECT tags FROM orders) o
SELECT CASE WHEN true THEN 1 ELSE 2.5 END, CASE age WHEN 1 THEN 'a' WHEN 2 THEN name END, CASE WHEN true THEN NULL END, CASE WHEN true THEN email ELSE email END, CASE WHEN true THEN email ELSE 'x' END FROM users
SELECT coalesce(age, 0), coalesce(NULL, 'x'), coalesce(email, name), coalesce(age, id), nullif(age, 1), nullif('a', 'b'), greatest(1, 2.0), least(name, 'a'), coalesce(total, 0) FROM users, (SELECT total FROM orders) o
SELECT ARRAY[1, 2], ARRAY['a', 'b'], ARRAY[1, 2.5], ARRAY[[1, 2], [3, 4]], ARRAY[NULL], ARRAY[]::int[], ARRAY['1', '2']::int8[], '{1,2}'::int[], ARRAY[email] FROM users
SELECT tags[1], tags[1:2], tags[:2], (ARRAY[1, 2])[1], data['a'], data['a'][1], data -> 'a', data ->> 'a', data #> '{a}', data @> '{}', data ? 'a' FROM orders
SELECT age IS NULL, age IS NOT NULL, age > 1 IS TRUE, age = 1 AND name = 'x' OR NOT id = 2, age IS DISTINCT FROM 2, name LIKE 'a%', name ILIKE 'a', name NOT LIKE 'x' ESCAPE '!', name SIMILAR TO 'a', age BETWEEN 1 AND 2, age NOT BETWEEN SYMMETRIC 2 AND 1 FROM users
SELECT age IN (1, 2), name IN ('a', 'b'), age IN (1, id), age NOT IN (1, 2.5), (age, id) IN ((1, 2), (3, 4)), email IN ('x', 'y'), age IN (SELECT 1), age = ANY (ARRAY[1]), age <> ALL ('{1,2}') FROM users
SELECT EXISTS (SELECT 1), (SELECT age FROM users LIMIT 1), ARRAY(SELECT name FROM users), (1, 2) = (SELECT 1, 2), 1 > ALL (SELECT age FROM users), ROW(1, 'a'), (1, 2) < (2, 3), ROW(u.*) FROM users u
SELECT now(), current_date, current_time, current_timestamp(2), localtime, localtimestamp, current_user, session_user, current_catalog, current_schema, user
SELECT extract(year FROM created), date_part('year', created), date_trunc('day', created), created + '1 day', created - created, created::date - 1, age(created), created AT TIME ZONE 'UTC', '2020-01-01'::date + '10:00'::time, created > '2020-01-01' FROM users
SELECT trim('x' FROM name), substring(name FROM 1 FOR 2), position('a' IN name), overlay(name PLACING 'x' FROM 1), upper(email), length(name), char_length(name), replace(name, 'a', 'b'), concat(1, 'a', NULL), concat_ws(',', name, age), format('%s', name), left(name, 2), md5(name) FROM users
SELECT abs(age), abs(-1.5), round(1.5), round(1.25, 1), ceil(price), floor(1.5), power(2, 3), sqrt(2), mod(5, 3), random(), trunc(1.5), sign(-1), greatest(1, 2) FROM users, items
SELECT u, u.name, (u).age, ROW(1, 2), (SELECT u) FROM users u
SELECT x FROM (SELECT 1 AS a, 'b' AS b) x
SELECT * FROM generate_series(1, 3)
SELECT * FROM generate_series(1, 3) g
SELECT g.*, g FROM generate_series(1::int8, 3) AS g(n)
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a']) WITH ORDINALITY
SELECT * FROM json_each('{}'), jsonb_array_elements('[]'), json_to_record('{}') AS x(a int, b varchar(3))
SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) AS r(a, b)
SELECT * FROM now(), lower('x') l, current_date
SELECT * FROM pg_get_keywords() k WHERE k.catcode = 'U'
SELECT generate_series(1, 2), unnest(tags), unnest(ARRAY[1, 2]) + 1 FROM orders
SELECT 1 UNION SELECT 2.5
SELECT 'a' UNION SELECT 'b'
SELECT NULL UNION SELECT 1
SELECT 1 UNION ALL SELECT NULL
SELECT name FROM users UNION SELECT email FROM users
SELECT email FROM users INTERSECT SELECT email FROM users
SELECT age FROM users EXCEPT ALL SELECT id FROM users ORDER BY 1 LIMIT 1
SELECT '2020-01-01' UNION SELECT current_date
VALUES (1, 'a'), (2, 'b')
VALUES (1), (2.5), (NULL)
SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS v(x, y)
WITH a AS (SELECT id, name FROM users) SELECT * FROM a
WITH a(x) AS (SELECT age FROM users) SELECT x, count(*) FROM a GROUP BY x
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t
WITH RECURSIVE t AS (SELECT id, name FROM users WHERE id = 1 UNION SELECT u.id, u.name FROM users u JOIN t ON u.id = t.id + 1) SELECT * FROM t
WITH x AS (INSERT INTO users (id, name) VALUES (1, 'a') RETURNING id, name) SELECT * FROM x
SELECT * FROM adults
SELECT a.id, count(*) FROM adults a GROUP BY a.id
SELECT * FROM app.todos NATURAL JOIN items
SELECT id, u.id, t.id FROM users u FULL JOIN app.todos t USING (id)
SELECT * FROM users u LEFT JOIN app.todos t USING (id) JOIN items i ON i.order_id = id
SELECT j.id, j.title FROM (users JOIN app.todos USING (id)) AS j
SELECT k.id, title FROM users JOIN app.todos USING (id) AS k
SELECT u.name, count(o.id) AS n, sum(o.total) FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id HAVING count(o.id) > 1 ORDER BY n DESC, 1
SELECT age, lower(name) FROM users GROUP BY age, lower(name) ORDER BY lower(name)
SELECT lower(name) AS l, count(*) FROM users GROUP BY l
SELECT age + 1 AS x, count(*) FROM users GROUP BY 1 ORDER BY 2, x
SELECT DISTINCT ON (age) age, name FROM users ORDER BY age, id
SELECT DISTINCT age, 'x' FROM users ORDER BY age
SELECT (SELECT max(o.total) FROM orders o WHERE o.user_id = u.id), (SELECT count(*) FROM orders o WHERE o.user_id = max(u.id)) FROM users u GROUP BY u.id
SELECT count(*) FROM users u WHERE (SELECT sum(o.id + u.age) FROM orders o) > 1
SELECT tableoid, ctid, xmin, name FROM users
SELECT tableoid::regclass, relname FROM pg_class
SELECT c.relname, n.nspname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind IN ('r', 'v', '') AND n.nspname !~ '^pg_toast' AND NOT a.attisdropped ORDER BY 1, 2
SELECT * FROM information_schema.tables
SELECT table_name || 'x', is_insertable_into = 'YES' FROM information_schema.tables WHERE table_schema = 'public'
SELECT conrelid::pg_catalog.regclass, conkey, pg_get_constraintdef(oid, true) FROM pg_constraint WHERE 1 = ANY (conkey)
SELECT name COLLATE "C" < 'x', name COLLATE "C" FROM users ORDER BY name COLLATE "C"
SELECT name FROM users ORDER BY name DESC NULLS LAST, age USING >, created LIMIT 10 OFFSET 5
SELECT name FROM users FETCH FIRST 3 ROWS ONLY
SELECT int4(1.5), text(1), date('2020-01-01'), float8 '1.5', bool 'yes'
SELECT make_interval(days => 1), jsonb_set('{}', '{a}', '1'), jsonb_build_object('a', 1, 'b', name), to_jsonb(u), row_to_json(u), array_append(tags, 'x'), array_length(tags, 1), cardinality(tags), array_to_string(tags, ','), string_to_array('a,b', ',') FROM users u, (SELECT tags FROM orders) o
SELECT concat(VARIADIC ARRAY['a', 'b']), format('%s', VARIADIC ARRAY[1])
SELECT $1::int, $2::text || 'x'
SELECT name FROM users WHERE id = $1 AND age > $2 AND email = $3 AND created < $4
SELECT name FROM users WHERE id = ANY ($1) AND name LIKE $2
SELECT name FROM users WHERE age IN ($1, $2) LIMIT $3 OFFSET $4
SELECT coalesce($1, 5), $2 + 1, lower($3), $4 || 'a', CASE WHEN $5 THEN 1 END
SELECT $1
SELECT $1 + 2, $1 = 3
INSERT INTO users (id, name, email, age) VALUES ($1, $2, $3, $4) RETURNING id, name, age
INSERT INTO users (id, name) SELECT $1, $2
INSERT INTO users VALUES ($1, $2), ($3, $4)
INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name, age = users.age + $3 WHERE users.age < $4 RETURNING *
INSERT INTO items (order_id, line, name) VALUES (1, 2, 'x') ON CONFLICT (lower(name)) WHERE qty > 1 DO NOTHING RETURNING cost
INSERT INTO orders (user_id, total, tags, data) VALUES (1, 2, '{a}', '{"a": 1}') RETURNING id
INSERT INTO orders DEFAULT VALUES RETURNING *
INSERT INTO app.todos AS t (id) VALUES (1) ON CONFLICT ON CONSTRAINT todos_pkey DO UPDATE SET done = NOT t.done RETURNING t.id, t
UPDATE users SET age = $1, email = lower($2) WHERE id = $3 RETURNING id, email
UPDATE users u SET (name, age) = (SELECT o.note, o.id FROM orders o WHERE o.user_id = u.id) WHERE u.age > $1
UPDATE users SET (name, age) = ROW('x', DEFAULT)
UPDATE items i SET qty = qty + 1, price = DEFAULT FROM users u WHERE u.id = i.order_id RETURNING i.*, u.name
DELETE FROM users WHERE id = $1 RETURNING *
DELETE FROM orders o USING users u WHERE o.user_id = u.id AND u.name = $1 RETURNING o.id, u.email
