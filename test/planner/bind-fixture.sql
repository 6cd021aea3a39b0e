-- The tables of bind-fixture.ts, for a real PostgreSQL.
CREATE TABLE users (id int8 PRIMARY KEY, name text NOT NULL, email varchar(40) UNIQUE, age int4, created timestamptz DEFAULT now());
CREATE TABLE orders (id int4 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int8, total numeric(10,2), note text DEFAULT 'none', tags text[], data jsonb);
CREATE TABLE items (order_id int4, line int4, name text, qty int2 DEFAULT 1, price float8, cost float8 GENERATED ALWAYS AS (qty * price) STORED,
  PRIMARY KEY (order_id, line), CONSTRAINT items_qty_check CHECK (qty > 0));
CREATE UNIQUE INDEX items_name_key ON items (lower(name)) WHERE qty > 1;
CREATE SCHEMA app;
CREATE TABLE app.todos (id int4 PRIMARY KEY, title text, done bool DEFAULT false);
CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18;
CREATE SEQUENCE counter;
