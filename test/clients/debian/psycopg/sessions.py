"""Notifications, notices, prepared statements, cancelling, and what the connection is told."""
import threading
import time

import psycopg


def attempt(action):
    try:
        print(action())
    except psycopg.Error as error:
        print(type(error).__name__, error.sqlstate, str(error).split("\n")[0])


conn = psycopg.connect(autocommit=True, application_name="sessions", options="-c statement_timeout=60s -c search_path=app,public")
other = psycopg.connect(autocommit=True)
print(conn.execute("SELECT current_setting('application_name'), current_setting('statement_timeout'), current_setting('search_path')").fetchone())
for name in ("server_encoding", "client_encoding", "is_superuser", "session_authorization", "DateStyle", "IntervalStyle", "integer_datetimes", "standard_conforming_strings", "application_name", "in_hot_standby", "default_transaction_read_only"):
    print(name, conn.info.parameter_status(name))
conn.execute("SET TIME ZONE 'Europe/Berlin'; SET datestyle = 'German'")
print(conn.info.timezone, conn.info.parameter_status("DateStyle"), conn.info.server_version >= 150000, conn.info.backend_pid == conn.execute("SELECT pg_backend_pid()").fetchone()[0])

print("notifications")
conn.execute("LISTEN channel; LISTEN \"Other one\"")
print(conn.execute("SELECT * FROM pg_listening_channels() ORDER BY 1").fetchall())
with other.transaction():
    other.execute("NOTIFY channel, 'first'")
    other.execute("NOTIFY channel, 'first'")
    other.execute("SELECT pg_notify('Other one', 'zweite ✓'), pg_notify('elsewhere', 'unheard')")
    other.execute("NOTIFY channel")
generator = conn.notifies()
for _ in range(3):
    notify = next(generator)
    print(notify.channel, notify.payload, notify.pid == other.info.backend_pid)
generator.close()
heard = []
conn.add_notify_handler(lambda n: heard.append((n.channel, n.payload)))
conn.execute("SELECT pg_notify('channel', 'to myself')")
conn.execute("SELECT 1")
print(heard)
attempt(lambda: conn.execute("SELECT pg_notify('', 'x')"))
attempt(lambda: conn.execute("SELECT pg_notify('channel', repeat('x', 8000))"))
conn.execute("UNLISTEN *")

print("notices")
conn.add_notice_handler(lambda d: print(d.severity, d.severity_nonlocalized, d.sqlstate, d.message_primary, d.message_detail, d.message_hint))
conn.execute("DO $$ BEGIN RAISE NOTICE 'hello %', 1 USING DETAIL = 'd', HINT = 'h'; RAISE WARNING 'careful'; END $$")
conn.execute("DROP TABLE IF EXISTS nothing_there")
conn.execute("CREATE TEMP TABLE x (a int); CREATE TABLE IF NOT EXISTS x (a int)")
conn.execute("COMMIT")

print("prepared after five times")
for i in range(7):
    conn.execute("SELECT %s::int + 1", (i,))
print(conn.execute("SELECT statement, parameter_types::text, from_sql, generic_plans + custom_plans FROM pg_prepared_statements").fetchall())
conn.execute("CREATE TABLE p (a int, b text)")
for round in range(2):
    cur = conn.execute("SELECT * FROM p WHERE a = %s", (1,), prepare=True)
    print([c.name for c in cur.description])
    if round == 0:
        conn.execute("ALTER TABLE p ADD c int")
        attempt(lambda: conn.execute("SELECT * FROM p WHERE a = %s", (1,), prepare=True))
        conn.execute("DEALLOCATE ALL")
        conn._prepared.clear()
conn.prepare_threshold = 0
for kind in (1, "text", 2.5, None, 1 << 40):
    print(conn.execute("SELECT %s", (kind,)).fetchone())
print(conn.execute("SELECT count(*) FROM pg_prepared_statements").fetchone())

print("cancelling")
threading.Timer(0.3, conn.cancel).start()
attempt(lambda: conn.execute("SELECT pg_sleep(30)"))
conn.execute("SET statement_timeout = 100")
attempt(lambda: conn.execute("SELECT count(*) FROM generate_series(1, 1000000000)"))
conn.execute("RESET statement_timeout")
print(conn.execute("SELECT 1").fetchone())

print("errors in full")
conn.execute("CREATE TABLE q (a int CONSTRAINT positive CHECK (a > 0), b int NOT NULL)")
for sql in ("INSERT INTO q VALUES (-1, 1)", "INSERT INTO q (a) VALUES (1)", "SELECT nope FROM q", "SELEC 1", "SELECT * FROM q WHERE lower(a) = 1"):
    try:
        conn.execute(sql)
    except psycopg.Error as error:
        d = error.diag
        print(type(error).__name__, d.severity, d.sqlstate, d.message_primary, d.message_detail, d.message_hint, d.statement_position, d.schema_name, d.table_name, d.column_name, d.constraint_name)

print("ended by another")
other.execute("SELECT pg_terminate_backend(%s)", (conn.info.backend_pid,))
time.sleep(0.3)
attempt(lambda: conn.execute("SELECT 1"))
print(conn.closed, conn.broken)
other.close()
for what in ({"dbname": "nowhere"}, {"options": "-c nothing=1"}, {"options": "-c work_mem=lots"}):
    try:
        psycopg.connect(**what)
    except psycopg.OperationalError as error:
        print(str(error).split("FATAL:")[-1].strip())
