-- row_security = off is about rows that are read: definitions read none
CREATE TABLE dd_notes (id int PRIMARY KEY, k int) WITH (type = 'user');
CREATE TABLE dd_shared (id int);
INSERT INTO dd_notes VALUES (1, 1);
SET row_security = off;
CREATE VIEW dd_view AS SELECT * FROM dd_notes;
CREATE POLICY dd_policy ON dd_shared USING (EXISTS (SELECT FROM dd_notes WHERE dd_notes.id = dd_shared.id));
CREATE RULE dd_rule AS ON INSERT TO dd_shared DO ALSO SELECT * FROM dd_notes;
CREATE TABLE dd_copy AS SELECT * FROM dd_notes;
SELECT * FROM dd_view;
COPY dd_notes TO stdout;
RESET row_security;
SELECT * FROM dd_view;
-- where plain tables are not shared ones, those that are say so: what pg_dump reads
SELECT relname, reloptions FROM pg_class WHERE relname LIKE 'dd\_%' AND relkind = 'r' ORDER BY 1;
SET kalamdb.default_table_type = 'user';
SELECT relname, reloptions FROM pg_class WHERE relname LIKE 'dd\_%' AND relkind = 'r' ORDER BY 1;
RESET kalamdb.default_table_type;
-- a new name changes nothing for who listens; a misspelt one is no channel when there are options
LISTEN dd_notes;
ALTER TABLE dd_notes RENAME TO dd_notes2;
SELECT channel, relation FROM system.live_queries;
LISTEN nosuch WITH (channel = 'x');
UNLISTEN *;
DROP TABLE dd_notes2, dd_shared CASCADE;
