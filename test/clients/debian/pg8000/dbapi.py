"""pg8000, a driver without libpq: the DB-API, types in its formats, COPY, two-phase commit."""
import datetime as dt
import io
import os
import uuid
from decimal import Decimal

import pg8000

conn = pg8000.connect(user=os.environ["PGUSER"], password=os.environ["PGPASSWORD"], host=os.environ["PGHOST"], port=int(os.environ["PGPORT"]), database=os.environ["PGDATABASE"])
cur = conn.cursor()
cur.execute("CREATE TABLE t (id int PRIMARY KEY, name text)")
conn.commit()
for value in (True, 5, -(2**40), 2**70, 1.5, Decimal("1.50"), "text ✓", b"\x00\xff", dt.date(2024, 2, 29), dt.time(1, 2, 3, 4), dt.datetime(2024, 1, 2, 3, 4, 5, 6), dt.datetime(2024, 1, 2, tzinfo=dt.timezone.utc), dt.timedelta(1, 2, 3), uuid.UUID(int=5), [1, 2], ["a", None], [[1.5], [2.5]], None):
    try:
        cur.execute("SELECT %s", (value,))
        print(repr(cur.fetchone()[0]), cur.description[0][1])
    except pg8000.Error as error:
        print(repr(value), type(error).__name__, error.args[2:4])
        conn.rollback()
cur.execute("SELECT '{1,2}'::int2[], '1 mon'::interval, 'x'::char(3), 1::oid, '{\"a\": 1}'::jsonb, '10.0.0.1'::inet, '(1,2)'::point, NULL, 'NaN'::float8, B'101', '{}'::text[], ARRAY[NULL, 'x']")
print(cur.fetchone())
cur.executemany("INSERT INTO t VALUES (%s, %s)", [(i, f"n{i}") for i in range(500)])
conn.commit()
cur.execute("SELECT id, name FROM t ORDER BY id")
print(cur.fetchone(), cur.fetchmany(2), len(cur.fetchall()), cur.rowcount)
for query in ("INSERT INTO t VALUES (1, 'x')", "SELECT nope", "SELECT 1/0"):
    try:
        cur.execute(query)
    except pg8000.Error as error:
        print(type(error).__name__, error.args[2:4])
    conn.rollback()
out = io.BytesIO()
cur.execute("COPY (SELECT * FROM t WHERE id < 3) TO STDOUT", stream=out)
print(out.getvalue())
cur.execute("COPY t FROM STDIN", stream=io.BytesIO(b"1000\tcopied\n"))
cur.execute("SELECT count(*) FROM t")
print(cur.fetchone())
conn.rollback()
conn.tpc_begin(conn.xid(1, "global", "b"))
cur.execute("DELETE FROM t WHERE id = 1")
conn.tpc_prepare()
conn.tpc_commit()
conn.close()
