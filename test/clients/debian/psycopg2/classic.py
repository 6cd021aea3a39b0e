"""psycopg2: adapters, named cursors, COPY, execute_values, ranges, hstore, composites, notices, two-phase, asynchronous connections."""
import datetime as dt
import io
import select
from decimal import Decimal

import psycopg2
import psycopg2.extensions as ext
import psycopg2.extras as extras
from psycopg2 import errorcodes, sql

conn = psycopg2.connect("")
cur = conn.cursor()
cur.execute("CREATE TYPE pair AS (a int, b text); CREATE TABLE t (id int PRIMARY KEY, name text, tags text[], data jsonb, at timestamptz, n numeric, raw bytea)")
conn.commit()
extras.execute_values(cur, "INSERT INTO t (id, name, tags, data, at, n, raw) VALUES %s RETURNING id", [(i, f"n'{i}", ["a", None], extras.Json({"i": i}), dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc), Decimal(i) / 3, bytes([i])) for i in range(250)], page_size=100)
extras.execute_batch(cur, "UPDATE t SET name = %s WHERE id = %s", [(f"u{i}", i) for i in range(10)])
cur.execute("SELECT * FROM t WHERE id IN %s AND name = ANY(%s) ORDER BY id", ((1, 2), ["u1", "u2"]))
print([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cur.fetchall()], [c.name for c in cur.description], cur.statusmessage)
print(cur.mogrify("SELECT %s, %s, %s, %s", (None, dt.timedelta(1), float("nan"), [dt.date(2024, 1, 1)])))
cur.execute(sql.SQL("SELECT {}, {} FROM {} ORDER BY id").format(sql.Identifier("id"), sql.Literal("x"), sql.Identifier("public", "t")))
print(cur.fetchmany(2))
with conn.cursor("named", scrollable=True, withhold=True) as named:
    named.itersize = 20
    named.execute("SELECT id FROM t ORDER BY id")
    print(named.fetchone(), named.fetchmany(3), sum(r[0] for r in named))
    named.scroll(0, mode="absolute")
    print(named.fetchone())
print("COPY")
cur.copy_from(io.StringIO("1000\tcopied\n1001\t\\N\n"), "t", columns=("id", "name"))
out = io.StringIO()
cur.copy_expert("COPY (SELECT id, name FROM t WHERE id >= 1000) TO STDOUT (FORMAT csv, HEADER)", out)
print(out.getvalue(), cur.rowcount)
try:
    cur.copy_from(io.StringIO("x\n"), "t", columns=("id",))
except psycopg2.Error as error:
    print(errorcodes.lookup(error.pgcode), error.pgerror.strip())
conn.rollback()
print("types")
extras.register_composite("pair", conn)
extras.register_uuid()
extras.register_inet()
cur.execute("CREATE EXTENSION hstore")
conn.commit()
extras.register_hstore(conn)
cur.execute("SELECT '(1,x)'::pair, ARRAY['(2,\"y z\")'::pair], 'a=>1,b=>NULL'::hstore, '[1,5)'::int4range, tstzrange('2024-01-01+00', NULL), '10.0.0.1'::inet, gen_random_uuid() IS NOT NULL, '{{1,2},{3,4}}'::int[], '1 mon 2 days'::interval, 'infinity'::float8, '{}'::jsonb")
print(cur.fetchone())
for factory in (extras.DictCursor, extras.RealDictCursor, extras.NamedTupleCursor):
    with conn.cursor(cursor_factory=factory) as c:
        c.execute("SELECT 1 AS a, 'x' AS b")
        print(c.fetchone())
cur.execute("DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful'; END $$")
print(conn.notices)
print("errors")
for query in ("INSERT INTO t (id) VALUES (1)", "SELECT 1/0", "SELECT * FROM nope", "SELECT lower(1, 2)"):
    try:
        cur.execute(query)
        cur.execute(query)
    except psycopg2.Error as error:
        print(type(error).__name__, error.pgcode, error.diag.message_primary, error.diag.constraint_name)
    conn.rollback()
conn.set_session(isolation_level="SERIALIZABLE", readonly=True, deferrable=True)
cur.execute("SHOW transaction_isolation")
print(cur.fetchone(), conn.status == ext.STATUS_BEGIN, conn.get_transaction_status() == ext.TRANSACTION_STATUS_INTRANS)
conn.rollback()
conn.set_session(isolation_level="DEFAULT", readonly=False, deferrable=False)
conn.tpc_begin(conn.xid(1, "g", "b"))
cur.execute("DELETE FROM t WHERE id > 5")
conn.tpc_prepare()
conn.reset()
print([(x.gtrid, x.bqual, x.format_id) for x in conn.tpc_recover()])
conn.rollback()
with psycopg2.connect("") as other:
    found = other.tpc_recover()
    other.rollback()
    other.tpc_rollback(found[0])
print("asynchronous")


def wait(c):
    while (state := c.poll()) != ext.POLL_OK:
        select.select([c] if state == ext.POLL_READ else [], [c] if state == ext.POLL_WRITE else [], [], 5)


later = psycopg2.connect("", async_=1)
wait(later)
acur = later.cursor()
acur.execute("SELECT pg_sleep(0.1), %s", ("waited",))
wait(later)
print(acur.fetchone()[1])
acur.execute("LISTEN news")
wait(later)
cur.execute("NOTIFY news, 'hello'")
conn.commit()
select.select([later], [], [], 5)
later.poll()
print([(n.channel, n.payload) for n in later.notifies])
