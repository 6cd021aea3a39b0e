-- INSERT of many rows of literals, which are read apart from the statement
CREATE TABLE many (id serial PRIMARY KEY, a int, b text, c numeric(6,2), d date, e bigint, f boolean DEFAULT true);
INSERT INTO many (a, b, c, d, e) VALUES (1, 'one', 1.005, '2026-01-31', 5), (-2, 'it''s two', -2.5, NULL, -6), (NULL, NULL, NULL, '2026-02-28', NULL);
insert into many(a,b,c,d,e)values(4,'',4.0,'2026-03-01',1),(5,E'x',5.0,'2026-03-01',1);
INSERT INTO many (a, b) VALUES (6, 'six') , ( 7 , 'seven' )
  ,
  (-0, 'zero')
RETURNING id, a, b, f;
INSERT INTO many (a, e) VALUES (1, 3000000000), (2, 4000000000), (2, -9007199254740993);
INSERT INTO many (a, e) VALUES (1, 3000000000), (2, 4);
INSERT INTO many VALUES (DEFAULT, 1, 'd', 1.0, 'today', 1, true), (DEFAULT, 2, 'e', 2.0, 'epoch', 2, true) RETURNING a, b, f;
INSERT INTO many (a, f) VALUES (1, true), (2, false), (3, NULL) RETURNING a, f;
INSERT INTO many (a, b) VALUES (1, 'x'::text), (2, 'y') RETURNING a, b;
INSERT INTO many (a, b) VALUES (1 + 1, 'x'), (2, 'y') RETURNING a, b;
INSERT INTO many (a, b) VALUES ('11', 'x'), ('12', 'y') RETURNING a, b;
INSERT INTO many (b, c) VALUES (1, 1e2), (2, 2.5e-1) RETURNING b, c;
INSERT INTO many AS m (id, a) VALUES (1, 100), (2, 200) ON CONFLICT (id) DO UPDATE SET a = excluded.a + m.a RETURNING m.id, m.a;
INSERT INTO many (id, a) VALUES (1, 100), (1000, 200) ON CONFLICT DO NOTHING RETURNING id, a;
SELECT id, a, b, c, e, f FROM many ORDER BY id;
-- errors point at the value, and nothing stays
INSERT INTO many (a, d) VALUES (1, '2026-01-01'), (2, 'junk');
INSERT INTO many (a, b) VALUES ('1', 'a'), ('x', 'b');
INSERT INTO many (a, c) VALUES (1, 1.5), (2, 99999.5);
INSERT INTO many (a, b) VALUES (1, 'a'), (2, 'b') RETURNING nosuch;
INSERT INTO many (a, b) VALUES (1, 'a'), (2);
INSERT INTO many (a, b) VALUES (1, 'a', 3), (2, 'b', 4);
INSERT INTO many (a, nosuch) VALUES (1, 'a'), (2, 'b');
INSERT INTO many (a, b) VALUES (1, 'a'), (2, 'b'), (3 'c');
INSERT INTO many (a, b) VALUES (1, 'a'), (2, 'b'),;
INSERT INTO many (a, e) VALUES (1, 30000000000000000000), (2, 40000000000000000000);
INSERT INTO many (id, a) VALUES (5000, 1), (5000, 2);
SELECT count(*), max(id) < 1001 FROM many;
-- the same text with other values, another number of rows, and changed meaning
INSERT INTO many (id, a) VALUES (2001, 1), (2002, 2);
INSERT INTO many (id, a) VALUES (2003, 3), (2004, 4), (2005, 5);
INSERT INTO many (id, a) VALUES (2006, 6), (2007, 7);
ALTER TABLE many DROP COLUMN a, ADD COLUMN a text;
INSERT INTO many (id, a) VALUES (2008, 8), (2009, 9);
SELECT id, a, pg_typeof(a) FROM many WHERE id > 2000 ORDER BY id;
-- generated and identity columns
CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED, CHECK (a < 100));
INSERT INTO made (a) VALUES (1), (2), (3) RETURNING *;
INSERT INTO made (id, a) VALUES (10, 1), (11, 2);
INSERT INTO made (id, a) OVERRIDING SYSTEM VALUE VALUES (10, 1), (11, 2) RETURNING *;
INSERT INTO made (a) VALUES (1), (200);
SELECT count(*) FROM made;
DROP TABLE many, made;
