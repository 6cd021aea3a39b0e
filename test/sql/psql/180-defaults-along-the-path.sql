-- Tools tell a serial column by comparing its default with its sequence's name, both along the search path.
CREATE SCHEMA beside;
CREATE TABLE todo (id serial PRIMARY KEY, title text NOT NULL DEFAULT 'none', small smallserial, at timestamptz DEFAULT now());
CREATE TABLE beside.todo (id bigserial PRIMARY KEY, first int DEFAULT nextval('public.todo_id_seq'));
\d todo
\d beside.todo
CREATE VIEW default_of AS
  SELECT a.attrelid::regclass AS relation, a.attname, pg_get_expr(d.adbin, d.adrelid) AS shown,
    pg_get_expr(d.adbin, d.adrelid) = 'nextval(''' || pg_get_serial_sequence(a.attrelid::regclass::text, a.attname)::regclass || '''::regclass)' AS is_serial
  FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid IN ('todo'::regclass, 'beside.todo'::regclass) ORDER BY a.attrelid::regclass::text, a.attnum;
SELECT * FROM default_of;
SELECT table_schema, column_name, column_default FROM information_schema.columns WHERE table_name = 'todo' ORDER BY 1, ordinal_position;
SET search_path = beside, public;
SELECT * FROM public.default_of;
SET search_path = pg_catalog;
SELECT * FROM public.default_of;
RESET search_path;
DROP VIEW default_of;
DROP TABLE beside.todo, todo;
DROP SCHEMA beside;
