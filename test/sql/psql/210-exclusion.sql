-- EXCLUDE constraints: bookings that must not overlap
CREATE TABLE booking (room text, during int4range, EXCLUDE USING gist (during WITH &&));
INSERT INTO booking VALUES ('a', '[1,5)'), ('a', '[5,9)'), ('b', NULL), ('c', NULL), ('d', 'empty'), ('d', 'empty');
INSERT INTO booking VALUES ('a', '[4,6)');
UPDATE booking SET during = '[2,3)' WHERE during = '[5,9)';
UPDATE booking SET during = '[2,4)' WHERE during = '[1,5)';
INSERT INTO booking VALUES ('x', '[4,5)') ON CONFLICT DO NOTHING;
INSERT INTO booking VALUES ('x', '[4,6)') ON CONFLICT DO NOTHING;
INSERT INTO booking VALUES ('x', '[4,6)') ON CONFLICT ON CONSTRAINT booking_during_excl DO NOTHING;
INSERT INTO booking VALUES ('x', '[4,6)') ON CONFLICT ON CONSTRAINT booking_during_excl DO UPDATE SET room = 'y';
SELECT * FROM booking ORDER BY room, during;
\d booking
SELECT conname, contype, conkey, conexclop::regoperator[], pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'booking'::regclass;
SELECT indisunique, indisexclusion, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'booking'::regclass;
DELETE FROM booking WHERE during = '[2,4)';
INSERT INTO booking VALUES ('a', '[1,4)');
DROP TABLE booking;
-- by equality and overlap
CREATE EXTENSION btree_gist;
CREATE TABLE rooms (room int, during tsrange, note text, CONSTRAINT no_double EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (note IS DISTINCT FROM 'maybe'));
INSERT INTO rooms VALUES (1, '[2024-01-01 10:00,2024-01-01 11:00)'), (2, '[2024-01-01 10:00,2024-01-01 11:00)');
INSERT INTO rooms VALUES (1, '[2024-01-01 10:30,2024-01-01 11:30)');
INSERT INTO rooms VALUES (1, '[2024-01-01 10:30,2024-01-01 11:30)', 'maybe');
UPDATE rooms SET note = 'sure';
UPDATE rooms SET room = 1 WHERE room = 2;
SELECT * FROM rooms ORDER BY room, during;
BEGIN;
SAVEPOINT s;
INSERT INTO rooms VALUES (3, '[2024-01-01 10:30,2024-01-01 11:30)');
ROLLBACK TO s;
INSERT INTO rooms VALUES (3, '[2024-01-01 10:30,2024-01-01 11:30)');
COMMIT;
\d rooms
ALTER TABLE rooms DROP CONSTRAINT no_double;
ALTER TABLE rooms ADD EXCLUDE USING gist (room WITH =, during WITH &&);
DELETE FROM rooms WHERE note = 'maybe';
ALTER TABLE rooms ADD CONSTRAINT again EXCLUDE USING gist (room WITH =, during WITH &&) DEFERRABLE INITIALLY DEFERRED;
BEGIN;
INSERT INTO rooms VALUES (1, '[2024-01-01 10:30,2024-01-01 11:30)', 'later');
DELETE FROM rooms WHERE note = 'later';
COMMIT;
BEGIN;
INSERT INTO rooms VALUES (1, '[2024-01-01 10:30,2024-01-01 11:30)', 'later');
SET CONSTRAINTS again IMMEDIATE;
COMMIT;
BEGIN;
INSERT INTO rooms VALUES (1, '[2024-01-01 10:30,2024-01-01 11:30)', 'later');
COMMIT;
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'rooms'::regclass;
COMMENT ON CONSTRAINT again ON rooms IS 'once a time';
ALTER TABLE rooms RENAME CONSTRAINT again TO once;
CREATE TABLE rooms2 (LIKE rooms INCLUDING ALL);
\d rooms2
INSERT INTO rooms2 VALUES (1, '[2024-01-01 10:30,2024-01-01 11:30)'), (1, '[2024-01-01 10:30,2024-01-01 11:30)');
ALTER TABLE rooms ALTER COLUMN room TYPE bigint;
TRUNCATE rooms;
INSERT INTO rooms VALUES (1, '[2024-01-01 10:00,2024-01-01 11:00)');
INSERT INTO rooms VALUES (1, '[2024-01-01 10:00,2024-01-01 11:00)');
ALTER TABLE rooms DROP COLUMN during;
\d rooms
DROP TABLE rooms, rooms2;
-- other methods, expressions, errors
CREATE TABLE circles (c circle, EXCLUDE USING gist (c WITH &&));
INSERT INTO circles VALUES ('<(0,0),1>'), ('<(5,5),1>');
INSERT INTO circles VALUES ('<(1,1),1>');
DROP TABLE circles;
CREATE TABLE words (w text, n int, EXCLUDE USING btree (lower(w) WITH =), EXCLUDE USING hash (n WITH =));
INSERT INTO words VALUES ('One', 1), ('two', 2);
INSERT INTO words VALUES ('ONE', 3);
INSERT INTO words VALUES ('three', 1);
SELECT * FROM words WHERE lower(w) = 'one';
\d words
DROP TABLE words;
CREATE TABLE bad (a int, b int4range, EXCLUDE USING gist (b WITH <<));
CREATE TABLE bad (a int, b int4range, EXCLUDE USING gin (b WITH &&));
CREATE TABLE bad (a int, b int4range, EXCLUDE USING nothing (b WITH &&));
CREATE TABLE bad (a int, b int4range, EXCLUDE USING gist (c WITH &&));
CREATE TABLE bad (a int, b int4range, EXCLUDE USING btree (a WITH <));
CREATE TABLE bad (a int, b int4range, EXCLUDE USING btree (a WITH <>));
CREATE TABLE bad (a json, EXCLUDE USING gist (a WITH =));
CREATE TABLE bad (a int, b int4range, EXCLUDE USING gist (b WITH &&)) PARTITION BY RANGE (a);
DROP EXTENSION btree_gist;
