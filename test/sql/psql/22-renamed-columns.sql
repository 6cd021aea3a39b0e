-- Renaming a column to a key word, under constraints, generated columns and indexes that mention it.
CREATE TABLE renamed (a int CHECK (a > 0), b int GENERATED ALWAYS AS (a * 2) STORED, c text DEFAULT 'a');
CREATE UNIQUE INDEX ON renamed ((a + 1)) WHERE a < 100;
ALTER TABLE renamed RENAME COLUMN a TO "order";
INSERT INTO renamed ("order") VALUES (1) RETURNING *;
INSERT INTO renamed ("order") VALUES (-1);
INSERT INTO renamed ("order") VALUES (1);
ALTER TABLE renamed RENAME "order" TO "Mixed Case";
INSERT INTO renamed ("Mixed Case") VALUES (2) RETURNING *;
ALTER TABLE renamed RENAME nope TO x;
ALTER TABLE renamed RENAME c TO b;
DROP TABLE renamed;
