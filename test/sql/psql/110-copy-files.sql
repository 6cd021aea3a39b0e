-- COPY with files on the server, in all formats.
\set file `echo /tmp/kalamdb-copy-$$`
CREATE TEMP TABLE cf (a int PRIMARY KEY, b text, c numeric, d timestamptz, e int[], f jsonb, g bytea, h interval, i boolean, j float8);
INSERT INTO cf SELECT i, 'x' || i, i / 3.0, '2020-01-01 00:00+00'::timestamptz + i * interval '1 day', ARRAY[i, NULL, 2], '{"a": [1, null]}', '\x00ff',
  make_interval(months => i, secs => 1.5), i % 2 = 0, i * 1.5 FROM generate_series(1, 3000) i;
INSERT INTO cf (a) VALUES (0);
COPY (SELECT * FROM cf ORDER BY a) TO :'file' (FORMAT binary);
\setenv file :file
\! md5sum < "$file"
CREATE TEMP TABLE cf2 (LIKE cf);
COPY cf2 FROM :'file' (FORMAT binary);
COPY (SELECT * FROM cf2 ORDER BY a) TO :'file' WITH CSV HEADER;
\! head -3 "$file"
CREATE TEMP TABLE cf3 (LIKE cf);
COPY cf3 FROM :'file' WITH CSV HEADER;
COPY (SELECT * FROM cf3 ORDER BY a DESC) TO :'file';
\! wc -l < "$file"
COPY cf3 (a, b) FROM :'file';
COPY cf FROM :'file';
SELECT count(*), count(DISTINCT a), sum(c) FROM cf3;
SELECT count(*) FROM (TABLE cf EXCEPT TABLE cf3) x;
-- What is no file of that format.
COPY cf3 FROM :'file' (FORMAT binary);
CREATE TEMP TABLE cf4 (a int, b int);
COPY cf2 TO :'file' (FORMAT binary);
COPY cf4 FROM :'file' (FORMAT binary);
COPY cf4 FROM :'file' (FORMAT binary, DELIMITER ',');
COPY cf4 TO :'file' (FORMAT binary, NULL 'x');
COPY cf4 TO STDOUT (FORMAT binary, HEADER);
\! rm -f "$file"
-- What can't be opened.
COPY cf3 FROM '/nowhere/x';
COPY cf3 TO '/nowhere/x';
COPY cf3 FROM '/tmp';
COPY cf3 TO '/tmp';
COPY cf3 TO 'relative';
COPY cf3 TO '/dev/null';
COPY cf4 TO '/dev/full';
INSERT INTO cf4 VALUES (1, 2);
COPY cf4 TO '/dev/full';
-- Who may.
CREATE ROLE copier;
GRANT ALL ON cf4 TO copier;
SET ROLE copier;
COPY cf4 FROM '/dev/null';
COPY cf4 TO '/dev/null';
COPY cf4 TO PROGRAM 'true';
RESET ROLE;
GRANT pg_read_server_files TO copier;
SET ROLE copier;
COPY cf4 FROM '/dev/null';
COPY cf4 TO '/dev/null';
RESET ROLE;
GRANT pg_write_server_files TO copier;
SET ROLE copier;
COPY cf4 TO '/dev/null';
RESET ROLE;
-- Where PostgreSQL finds mistakes: fields in order, then their number; FREEZE when the data has begun.
COPY cf4 FROM stdin;

\.
COPY cf4 FROM stdin;
1
\.
\copy cf4 FROM /dev/null WITH (FORMAT csv, FORCE_NULL (c))
\copy cf4 (a) FROM /dev/null WITH (FORMAT csv, FORCE_NULL (b))
COPY cf4 (a) TO stdout WITH (FORMAT csv, FORCE_QUOTE (b));
COPY (SELECT 1 AS a) TO stdout WITH (FORMAT csv, FORCE_QUOTE (b));
COPY cf4 FROM stdin (FREEZE);
1	2
\.
BEGIN;
TRUNCATE cf4;
SAVEPOINT s;
COPY cf4 FROM stdin (FREEZE);
1	2
\.
ROLLBACK TO s;
COPY cf4 FROM stdin (FREEZE);
3	4
\.
SAVEPOINT s;
TRUNCATE cf4;
RELEASE s;
\copy cf4 FROM /dev/null (FREEZE)
COMMIT;
TABLE cf4;
CREATE TEMP VIEW cfv AS SELECT 1 AS a;
\copy cfv FROM /dev/null
\copy cf4 FROM /dev/null WITH (ENCODING 'sql_ascii')
TABLE cf4;
DROP OWNED BY copier;
DROP ROLE copier;
