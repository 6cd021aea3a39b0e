-- What PostgreSQL says of its own objects, and its conversions and domains.
\da array_agg
\dT int4
\dT pg_catalog.tsvector
\do @>
\dF english
\dFd simple
\dFp
\dFt simple
\dA+ btree
\dc latin1_to_utf8
SELECT obj_description('lower(text)'::regprocedure, 'pg_proc'), obj_description(16, 'pg_type'), obj_description(16);
SELECT description FROM pg_description WHERE objoid = 'abs(int4)'::regprocedure AND classoid = 'pg_proc'::regclass;
SELECT conname, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) FROM pg_constraint WHERE contypid <> 0 ORDER BY 1;
SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'pg_subscription'::regclass AND attnum > 0 ORDER BY attnum LIMIT 3;
SELECT relname, reloptions, relreplident FROM pg_class WHERE relname IN ('pg_stats', 'sql_features', 'pg_class') ORDER BY 1;
SELECT pg_get_serial_sequence('s', 'last_value') FROM (SELECT 1) AS none WHERE false;
CREATE SEQUENCE s;
SELECT pg_get_serial_sequence('s', 'last_value'), pg_get_serial_sequence('s', 'is_called');
SELECT pg_get_serial_sequence('s', 'nothing');
