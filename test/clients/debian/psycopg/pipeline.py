"""Pipeline mode: many statements on the way at once, errors, and what they undo."""
import psycopg
from psycopg import pq

with psycopg.connect(autocommit=True) as conn:
    conn.execute("CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL)")

    with conn.pipeline():
        with conn.transaction():
            cursors = [conn.execute("INSERT INTO items VALUES (%s, %s) RETURNING id", (i, f"item {i}")) for i in range(5)]
        print([cur.fetchone() for cur in cursors])
        cur = conn.cursor()
        cur.executemany("INSERT INTO items VALUES (%s, %s) RETURNING id, name", [(i, "many") for i in range(10, 13)], returning=True)
        while True:
            print(cur.fetchall())
            if not cur.nextset():
                break

    print("a failing statement aborts what follows up to the sync")
    try:
        with conn.pipeline() as pipeline:
            first = conn.execute("INSERT INTO items VALUES (20, 'kept')")
            pipeline.sync()
            conn.execute("INSERT INTO items VALUES (21, 'undone')")
            conn.execute("INSERT INTO items VALUES (20, 'twice')")
            conn.execute("INSERT INTO items VALUES (22, 'never run')")
            pipeline.sync()
    except psycopg.errors.UniqueViolation as error:
        print(type(error).__name__, error.sqlstate, error.diag.message_detail)
    print(conn.execute("SELECT id FROM items WHERE id >= 20 ORDER BY 1").fetchall())

    print("each statement's error reaches its cursor")
    with conn.pipeline() as pipeline:
        good = conn.execute("SELECT 1")
        pipeline.sync()
        print(good.fetchone())
        try:
            conn.execute("SELECT * FROM nowhere")
            pipeline.sync()
        except psycopg.errors.UndefinedTable as error:
            print(error.diag.message_primary, error.diag.statement_position)
        print(conn.execute("SELECT 2").fetchone())

    with conn.pipeline():
        for n in range(2000):
            cur = conn.execute("SELECT count(*) FROM items WHERE id > %s", (n,))
        print("last of 2000:", cur.fetchone())
    print(pq.TransactionStatus(conn.info.transaction_status).name, pq.PipelineStatus(conn.pgconn.pipeline_status).name)

with psycopg.connect() as conn:
    with conn.pipeline():
        conn.execute("INSERT INTO items VALUES (30, 'in a transaction')")
        with conn.transaction():
            conn.execute("UPDATE items SET name = 'nested' WHERE id = 30")
        try:
            with conn.transaction():
                conn.execute("DELETE FROM items")
                raise ValueError("back to the savepoint")
        except ValueError as error:
            print(error)
    print(conn.execute("SELECT name FROM items WHERE id = 30").fetchone())
