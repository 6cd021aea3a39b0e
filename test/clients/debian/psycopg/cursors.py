"""Cursors of the server: named, scrollable, WITH HOLD, and rows made into what one likes."""
from dataclasses import dataclass

import psycopg
from psycopg import ClientCursor, ServerCursor
from psycopg.rows import args_row, class_row, dict_row, namedtuple_row, tuple_row, kwargs_row


def attempt(action):
    try:
        print(action())
    except psycopg.Error as error:
        print(type(error).__name__, error.sqlstate, str(error).split("\n")[0])


with psycopg.connect() as conn:
    conn.execute("CREATE TABLE t AS SELECT i, 'n' || i AS name FROM generate_series(1, 1000) i")
    conn.commit()

    with conn.cursor("plain") as cur:
        cur.itersize = 300
        cur.execute("SELECT * FROM t ORDER BY i")
        print(cur.fetchone(), cur.fetchmany(2), len(cur.fetchall()), cur.fetchone(), cur.rowcount)
        print([c.name for c in cur.description])
    with conn.cursor("iterated") as cur:
        cur.itersize = 7
        print(sum(row[0] for row in cur.execute("SELECT i FROM t WHERE i <= %s", (50,))))

    with conn.cursor("scroll", scrollable=True) as cur:
        cur.execute("SELECT i FROM t ORDER BY i")
        for value, mode in [(10, "relative"), (-3, "relative"), (999, "absolute"), (0, "absolute"), (-1, "absolute"), (500, "relative")]:
            cur.scroll(value, mode)
            print(value, mode, cur.fetchone())
    with conn.cursor("noscroll", scrollable=False) as cur:
        cur.execute("SELECT i FROM t ORDER BY i")
        print(cur.fetchmany(3))
        attempt(lambda: (cur.scroll(-2), cur.fetchone()))
    conn.rollback()

    held = conn.cursor("held", withhold=True, scrollable=True)
    held.execute("SELECT i FROM t WHERE i < 10 ORDER BY i")
    print(held.fetchmany(2))
    conn.execute("DELETE FROM t WHERE i < 5")
    conn.commit()
    print(held.fetchall())
    print(conn.execute("SELECT name, statement, is_holdable, is_binary, is_scrollable FROM pg_cursors").fetchall())
    held.close()
    conn.commit()

    gone = conn.cursor("gone")
    gone.execute("SELECT 1")
    conn.commit()
    attempt(gone.fetchone)
    conn.rollback()
    twice = ServerCursor(conn, "twice")
    twice.execute("SELECT 1")
    attempt(lambda: ServerCursor(conn, "twice").execute("SELECT 2"))
    conn.rollback()

    print("binary cursors")
    with conn.cursor("bin", binary=True) as cur:
        print(cur.execute("SELECT 1::int8, 1.5::float8, 'x', now() > '2020-01-01', NULL::int").fetchone(), cur.format)

    print("a cursor made by a statement of the server")
    conn.execute("DECLARE mine SCROLL CURSOR FOR SELECT i FROM t ORDER BY i")
    with conn.cursor("mine") as cur:
        print(cur.fetchmany(2))
    print(conn.execute("SELECT count(*) FROM pg_cursors").fetchone())
    conn.execute("CREATE FUNCTION give(refcursor) RETURNS refcursor LANGUAGE plpgsql AS $$ BEGIN OPEN $1 FOR SELECT i, name FROM t ORDER BY i LIMIT 2; RETURN $1; END $$")
    name = conn.execute("SELECT give('handed over')").fetchone()[0]
    print(name, ServerCursor(conn, name).fetchall())

    @dataclass
    class Item:
        i: int
        name: str

    for factory in (tuple_row, dict_row, namedtuple_row, class_row(Item), kwargs_row(dict), args_row(lambda i, name: f"{i}/{name}")):
        with conn.cursor(row_factory=factory) as cur:
            print(cur.execute("SELECT i, name FROM t ORDER BY i LIMIT 1").fetchone())

    print("parameters put in by the client")
    cur = ClientCursor(conn)
    print(cur.execute("SELECT %s, %s, %s::date", (1, "it's", "2024-01-01")).fetchone())
    print(cur.execute("CREATE TABLE made (d text DEFAULT %s)", ("it's",)).statusmessage)
    print(cur.mogrify("SELECT %s, %s, %s", (None, [1, 2], b"\x00")))
    print(cur.execute("SELECT 1 AS a; SELECT 2 AS b, 3 AS c").fetchall(), cur.nextset(), cur.fetchall(), cur.nextset())
