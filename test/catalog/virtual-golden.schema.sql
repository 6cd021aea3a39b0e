-- What virtual-golden.json was read from; virtual-fixture.ts describes the same objects as descriptors.
CREATE ROLE golden_owner LOGIN;
CREATE ROLE golden_reader;
GRANT golden_reader TO golden_owner WITH ADMIN OPTION;
CREATE SCHEMA app AUTHORIZATION golden_owner;
GRANT USAGE ON SCHEMA app TO golden_reader;
SET ROLE golden_owner;
SET search_path = app;
CREATE TABLE users (
  id serial PRIMARY KEY,
  uid uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  email text NOT NULL UNIQUE,
  name varchar(100),
  age smallint CHECK (age > 0),
  tags text[] NOT NULL DEFAULT '{}',
  profile jsonb DEFAULT '{}',
  balance numeric(12,2) DEFAULT 0,
  active boolean DEFAULT true,
  born date,
  created_at timestamptz DEFAULT now(),
  updated_at timestamp(3),
  data bytea,
  span interval,
  code name,
  letter "char"
);
CREATE TABLE posts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id int NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  title text NOT NULL,
  slug text NOT NULL,
  lang char(2) NOT NULL DEFAULT 'en',
  published boolean NOT NULL DEFAULT false,
  size int GENERATED ALWAYS AS (length(title)) STORED,
  gone text,
  CONSTRAINT posts_slug_lang_key UNIQUE (slug, lang)
);
ALTER TABLE posts DROP COLUMN gone;
CREATE TABLE tags (id int PRIMARY KEY, label text UNIQUE DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE post_tags (
  post_id bigint REFERENCES posts ON DELETE CASCADE,
  tag_id int,
  CONSTRAINT "Tag" FOREIGN KEY (tag_id) REFERENCES tags ON UPDATE SET NULL ON DELETE RESTRICT DEFERRABLE,
  PRIMARY KEY (post_id, tag_id)
);
CREATE INDEX users_name_idx ON users (name);
CREATE INDEX users_age ON users (age DESC NULLS LAST, name NULLS FIRST);
CREATE UNIQUE INDEX users_lower ON users (lower(email), (age + 1), born) INCLUDE (active) WHERE active;
COMMENT ON TABLE users IS 'users';
COMMENT ON COLUMN users.email IS 'mail';
COMMENT ON CONSTRAINT users_pkey ON users IS 'the key';
COMMENT ON INDEX users_age IS 'by age';
COMMENT ON SCHEMA app IS 'ours';
CREATE VIEW active_users AS SELECT id, email FROM users WHERE active;
CREATE SEQUENCE s1 AS int INCREMENT 5 MAXVALUE 1000 CYCLE;
GRANT SELECT ON users TO golden_reader;
GRANT INSERT, UPDATE ON posts TO golden_reader WITH GRANT OPTION;
GRANT SELECT ON active_users TO PUBLIC;
