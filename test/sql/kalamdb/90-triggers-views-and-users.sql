-- Triggers, rules and views never show anybody another user's rows.
CREATE ROLE tia LOGIN;
CREATE ROLE tom LOGIN;
CREATE ROLE tess LOGIN IN ROLE kalamdb_service;
CREATE TABLE tasks (id int PRIMARY KEY, title text, done bool DEFAULT false) WITH (type = 'user');
CREATE TABLE task_log (id serial, line text) WITH (type = 'user');
CREATE TABLE counts (who text PRIMARY KEY, n int);
GRANT SELECT, INSERT, UPDATE, DELETE ON tasks, task_log, counts TO tia, tom, tess;
GRANT USAGE ON SEQUENCE task_log_id_seq TO tia, tom, tess;
CREATE VIEW open_tasks AS SELECT id, title FROM tasks WHERE NOT done WITH CHECK OPTION;
GRANT SELECT, INSERT, UPDATE, DELETE ON open_tasks TO tia, tom, tess;
CREATE FUNCTION note_task() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO task_log (line) VALUES (tg_op || ' ' || coalesce(new.title, old.title) || ' of ' || (SELECT count(*) FROM tasks));
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION note_task();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON tasks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.title = 'late') EXECUTE FUNCTION note_task();
CREATE RULE count_tasks AS ON INSERT TO tasks DO ALSO
  INSERT INTO counts VALUES ((SELECT kalamdb.user_id()) || new.id, (SELECT count(*) FROM tasks));
-- A view is its reader's view, whoever owns it, also for changes.
SET ROLE tia;
INSERT INTO tasks VALUES (1, 'tia one');
INSERT INTO open_tasks VALUES (2, 'tia two');
SET ROLE tom;
INSERT INTO open_tasks VALUES (1, 'tom one') RETURNING *;
SELECT * FROM open_tasks;
UPDATE open_tasks SET title = 'tom changed' RETURNING *;
DELETE FROM open_tasks WHERE id = 2;
SET ROLE tia;
SELECT * FROM open_tasks ORDER BY id;
UPDATE open_tasks SET id = 3 WHERE id = 2;
SELECT line FROM task_log ORDER BY id;
SET ROLE tom;
SELECT line FROM task_log ORDER BY id;
RESET ROLE;
SELECT * FROM counts ORDER BY who;
SELECT * FROM tasks;
-- A deferred trigger acts for the user whose row it is.
SET ROLE tess;
BEGIN;
SET kalamdb.user_id = 'tia';
INSERT INTO tasks VALUES (9, 'late');
SET kalamdb.user_id = 'tom';
COMMIT;
SELECT line FROM task_log ORDER BY id;
SET kalamdb.user_id = 'tia';
SELECT line FROM task_log WHERE line LIKE '%late%' ORDER BY id;
RESET kalamdb.user_id;
RESET ROLE;
-- A cursor does not carry a row over to another user.
SET ROLE tia;
BEGIN;
DECLARE mine CURSOR FOR SELECT * FROM tasks ORDER BY id;
FETCH mine;
SET LOCAL ROLE tom;
UPDATE tasks SET title = 'stolen' WHERE CURRENT OF mine RETURNING *;
SET LOCAL ROLE tia;
ROLLBACK;
SELECT id, title FROM tasks ORDER BY id;
-- Who sees all users' rows changes each where it lies.
RESET ROLE;
SET kalamdb.all_users = on;
UPDATE tasks SET done = true WHERE id = 1 RETURNING _user_id, title;
SELECT _user_id, line FROM task_log WHERE line LIKE 'UPDATE%' ORDER BY _user_id, line;
RESET kalamdb.all_users;
SET client_min_messages = warning;
DROP TABLE tasks, task_log, counts CASCADE;
DROP FUNCTION note_task();
DROP ROLE tia, tom, tess;
