-- A routine reads and writes the partition of whoever calls it, by whatever way it gets there.
CREATE ROLE ann; CREATE ROLE ben;
CREATE TABLE diary (id int PRIMARY KEY, body text) WITH (type = 'user');
GRANT SELECT, INSERT, UPDATE, DELETE ON diary TO ann, ben;
CREATE FUNCTION note(k int, t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO diary VALUES (k, t); END $$;
CREATE FUNCTION all_notes() RETURNS SETOF diary LANGUAGE plpgsql AS $$
DECLARE r diary;
BEGIN
  FOR r IN SELECT * FROM diary ORDER BY id LOOP RETURN NEXT r; END LOOP;
  RETURN QUERY EXECUTE 'SELECT id + 100, body FROM diary ORDER BY id';
END $$;
CREATE FUNCTION all_notes_definer() RETURNS SETOF diary LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN QUERY SELECT * FROM diary; END $$;
CREATE FUNCTION opens() RETURNS refcursor LANGUAGE plpgsql AS $$ DECLARE c refcursor := 'pages'; BEGIN OPEN c FOR SELECT * FROM diary ORDER BY id; RETURN c; END $$;
SELECT note(0, 'of the owner');
SET ROLE ann;
SELECT note(1, 'of ann');
SET ROLE ben;
SELECT note(1, 'of ben');
SELECT * FROM all_notes();
SELECT * FROM all_notes_definer();
BEGIN; SELECT opens(); FETCH ALL FROM pages; COMMIT;
DO $$ DECLARE n int; BEGIN UPDATE diary SET body = body || '!'; GET DIAGNOSTICS n = ROW_COUNT; RAISE NOTICE '% row', n; END $$;
DO $$ BEGIN PERFORM set_config('kalamdb.all_users', 'on', true); PERFORM count(*) FROM diary; END $$;
DO $$ BEGIN SET LOCAL ROLE ann; PERFORM count(*) FROM diary; END $$;
RESET ROLE;
SELECT * FROM all_notes();
SET ROLE ann;
SELECT * FROM all_notes();
RESET ROLE;
DROP FUNCTION note, all_notes, all_notes_definer, opens;
DROP TABLE diary;
DROP ROLE ann; DROP ROLE ben;
