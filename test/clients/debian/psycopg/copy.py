"""COPY both ways: text, binary, rows, blocks and errors."""
import datetime as dt
from decimal import Decimal
from uuid import UUID

import psycopg

ROWS = [
    (1, "plain", Decimal("1.50"), dt.date(2024, 2, 29), dt.datetime(2024, 1, 2, 3, 4, 5, 678901), UUID(int=7), b"\x00\xff", [1, 2], True),
    (2, 'tab\there, "quote", \\ backslash\nline', Decimal("-1e-20"), dt.date.max, dt.datetime.min, UUID(int=2**128 - 1), b"", [], False),
    (3, None, None, None, None, None, None, None, None),
]
TYPES = ["int4", "text", "numeric", "date", "timestamp", "uuid", "bytea", "int4[]", "bool"]
COLUMNS = ", ".join(f"c{i} {name}" for i, name in enumerate(TYPES))

with psycopg.connect() as conn:
    cur = conn.cursor()
    cur.execute(f"CREATE TABLE data ({COLUMNS})")
    for form in ("text", "csv", "binary"):
        options = "" if form == "text" else f"(FORMAT {form})"
        if form != "csv":
            with cur.copy(f"COPY data FROM STDIN {options}") as copy:
                if form == "binary":
                    copy.set_types(TYPES)
                for row in ROWS:
                    copy.write_row(row)
            print(form, cur.statusmessage, cur.rowcount)
        with cur.copy(f"COPY data TO STDOUT {options}") as copy:
            blocks = [bytes(block) for block in copy]
        print(form, len(blocks) > 0, b"".join(blocks))
        if form != "csv":
            with cur.copy(f"COPY data TO STDOUT {options}") as copy:
                copy.set_types(TYPES)
                print(list(copy.rows()) == ROWS)
        if form == "csv":
            conn.execute("TRUNCATE data")
            with cur.copy("COPY data FROM STDIN (FORMAT csv)") as copy:
                for block in blocks:
                    copy.write(block)
        print(cur.execute("SELECT * FROM data ORDER BY c0").fetchall() == ROWS)
        conn.execute("TRUNCATE data")

    conn.commit()
    print("what is written in odd pieces")
    with cur.copy("COPY data (c0, c1) FROM STDIN") as copy:
        for piece in ("1\ton", "e\n2\t", "two\n", "3\t\\N\n"):
            copy.write(piece)
    print(cur.execute("SELECT c0, c1 FROM data ORDER BY 1").fetchall())
    for what, query, text in [
        ("type", "COPY data (c0) FROM STDIN", "x\n"),
        ("columns", "COPY data (c0, c1) FROM STDIN", "1\n"),
        ("extra", "COPY data (c0) FROM STDIN", "1\t2\n"),
        ("csv", "COPY data (c0, c1) FROM STDIN (FORMAT csv)", '1,"open\n'),
        ("binary", "COPY data (c0) FROM STDIN (FORMAT binary)", "no header at all, you see"),
    ]:
        try:
            with conn.transaction(), cur.copy(query) as copy:
                copy.write(text)
        except psycopg.Error as error:
            print(what, error.sqlstate, error.diag.message_primary, "|", error.diag.context)
    try:
        with conn.transaction(), cur.copy("COPY data (c0) FROM STDIN") as copy:
            copy.write("1\n")
            raise ZeroDivisionError("the client gives up")
    except psycopg.errors.QueryCanceled as error:
        print(error)
    try:
        with conn.transaction(), cur.copy("COPY data (c0) FROM STDIN") as copy:
            copy.write("1\n")
            raise psycopg.OperationalError("for a reason")
    except psycopg.Error as error:
        print(type(error).__name__, error)
    print(cur.execute("SELECT count(*) FROM data").fetchone())

    conn.execute("CREATE TABLE many AS SELECT i, 'row ' || i AS t FROM generate_series(1, 20000) i")
    conn.execute("CREATE TABLE again (LIKE many)")
    with psycopg.connect() as second:
        conn.commit()
        with cur.copy("COPY many TO STDOUT (FORMAT binary)") as out, second.cursor().copy("COPY again FROM STDIN (FORMAT binary)") as into:
            for block in out:
                into.write(block)
    print(conn.execute("SELECT count(*), sum(i), count(DISTINCT t) FROM again").fetchone())
    with cur.copy("COPY (SELECT i, t FROM again WHERE i %% %s = 0 ORDER BY i) TO STDOUT", (5000,)) as copy:
        copy.set_types(["int4", "text"])
        for row in copy.rows():
            print(row)
