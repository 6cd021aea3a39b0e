CREATE SCHEMA deck2;
CREATE ROLE deck2_owner LOGIN CREATEDB CONNECTION LIMIT 5 VALID UNTIL '2030-01-01 00:00+00';
CREATE ROLE deck2_group NOLOGIN;
COMMENT ON ROLE deck2_group IS 'a group';
GRANT deck2_group TO deck2_owner;
ALTER ROLE deck2_owner SET work_mem = '8MB';
SET search_path = deck2;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
COMMENT ON TYPE mood IS 'mood enum';
CREATE TYPE addr AS (street text, zip varchar(10), geo point);
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
CREATE DOMAIN posint AS integer DEFAULT 1 NOT NULL CHECK (VALUE > 0);
COMMENT ON DOMAIN posint IS 'positive';
CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE FUNCTION add(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'select a+b';
COMMENT ON FUNCTION add(int, int) IS 'adds';
CREATE FUNCTION many(VARIADIC xs int[], OUT s int, OUT c int) RETURNS record LANGUAGE sql AS 'select sum(x)::int, count(*)::int from unnest(xs) x';
CREATE FUNCTION listed(n int) RETURNS TABLE (i int, t text) LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT g, g::text FROM generate_series(1, n) g $$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN NEW;
END $$;
CREATE PROCEDURE proc(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := a * 2; END $$;
CREATE AGGREGATE mysum (int) (sfunc = int4pl, stype = int, initcond = '0');
CREATE OPERATOR @+ (LEFTARG = int, RIGHTARG = int, FUNCTION = add);
COMMENT ON OPERATOR @+ (int, int) IS 'added';
CREATE CAST (mood AS int) WITH INOUT;
CREATE TEXT SEARCH CONFIGURATION eng (COPY = english);
GRANT EXECUTE ON FUNCTION add(int, int) TO deck2_group;
\pset format aligned
SET TimeZone = 'UTC';
\df
\df add
\df+ add
\df+ deck2.*
\dfa
\dfn
\dft
\dfp
\dfw pg_catalog.rank
\df pg_catalog.lower
\df pg_catalog.*_upper
\df * int
\df deck2.* int int
\da
\do
\do+ deck2.*
\do pg_catalog.|| text
\dT
\dT+
\dT+ mood
\dD
\dD+
\dD posint
\dC mood
\dC+ deck2.mood
\dF deck2.*
\dF+ eng
\dFd none*
\dFp none*
\dFt none*
\dx plpgsql
\dL
\dAc hash int4
\dAc btree *text*
\dAf hash int4
\dAf btree int4
\dAo hash int4_ops
\dAo+ hash integer_ops
\dAp hash integer_ops
\dAp+ hash text_ops
\dg deck2*
\du deck2*
\du+ deck2*
\drds deck2*
\db
\dc nothing*
\dO deck2.*
\dO "C"
\dconfig work_mem
\dconfig+ enable_seqs*
\dy
\dRp
\dRs
\des
\dew
\deu
\det
\dX
\dl
\sf add
\sf+ touch
\sf deck2.listed
\sf nothing
\sf mysum(int)
\setenv PSQL_EDITOR true
\ef add
\p
\r
\ef nothing
\r
\ev deck2_view
\r
\d addr
\d+ addr
\d mood
\set ECHO_HIDDEN off
\dd deck2.*
\l nothing*
DROP OWNED BY deck2_owner, deck2_group;
DROP SCHEMA deck2 CASCADE;
DROP ROLE deck2_owner, deck2_group;
