"""Nested transactions, isolation levels, deferrable ones, two-phase commit, and what the connection knows of them."""
import psycopg
from psycopg import IsolationLevel, Rollback
from psycopg.pq import TransactionStatus


def attempt(action):
    try:
        print(action())
    except psycopg.Error as error:
        print(type(error).__name__, error.sqlstate, str(error).split("\n")[0])


def rows():
    with psycopg.connect() as other:
        return other.execute("SELECT n FROM t ORDER BY n").fetchall()


def status(conn):
    return TransactionStatus(conn.info.transaction_status).name


with psycopg.connect() as conn:
    conn.execute("CREATE TABLE t (n int PRIMARY KEY)")
    print(status(conn))
    conn.commit()
    print(status(conn))

    with conn.transaction() as outer:
        conn.execute("INSERT INTO t VALUES (1)")
        with conn.transaction("inner") as tx:
            print(tx.savepoint_name)
            conn.execute("INSERT INTO t VALUES (2)")
            raise Rollback
        try:
            with conn.transaction():
                conn.execute("INSERT INTO t VALUES (1)")
        except psycopg.errors.UniqueViolation as error:
            print(error.diag.constraint_name, error.diag.table_name, error.diag.schema_name, status(conn))
        conn.execute("INSERT INTO t VALUES (3)")
    print(rows())
    with conn.transaction() as outer:
        with conn.transaction():
            conn.execute("DELETE FROM t")
            raise Rollback(outer)
    print(rows())
    with conn.transaction(force_rollback=True):
        conn.execute("DELETE FROM t")
    print(rows())

    attempt(lambda: conn.execute("SELECT 1/0"))
    print(status(conn))
    attempt(lambda: conn.execute("SELECT 1"))
    conn.rollback()

    for level in IsolationLevel:
        conn.isolation_level = level
        print(level.name, conn.execute("SELECT current_setting('transaction_isolation')").fetchone())
        conn.rollback()
    conn.read_only = True
    conn.deferrable = True
    print(conn.execute("SELECT current_setting('transaction_read_only'), current_setting('transaction_deferrable')").fetchone())
    attempt(lambda: conn.execute("INSERT INTO t VALUES (9)"))
    conn.rollback()
    conn.read_only = conn.deferrable = None

    print("write skew")
    conn.isolation_level = IsolationLevel.SERIALIZABLE
    with psycopg.connect() as second:
        second.isolation_level = IsolationLevel.SERIALIZABLE
        for one in (conn, second):
            one.execute("SELECT sum(n) FROM t").fetchone()
        conn.execute("INSERT INTO t VALUES (100)")
        second.execute("INSERT INTO t VALUES (101)")
        conn.commit()
        attempt(second.commit)
    print(rows())
    print("lost update")
    conn.isolation_level = IsolationLevel.REPEATABLE_READ
    with psycopg.connect() as second:
        conn.execute("SELECT * FROM t")
        second.execute("UPDATE t SET n = 102 WHERE n = 100")
        second.commit()
        attempt(lambda: conn.execute("UPDATE t SET n = 103 WHERE n = 100"))
        conn.rollback()
    conn.isolation_level = None

    print("two phases")
    xid = conn.xid(42, "global transaction", "branch/1")
    conn.tpc_begin(xid)
    conn.execute("INSERT INTO t VALUES (50)")
    conn.tpc_prepare()
    print(status(conn))
    print(rows())
    with psycopg.connect() as other:
        for found in other.tpc_recover():
            print(found.format_id, found.gtrid, found.bqual, found.owner, found.database)
    conn.tpc_commit()
    print(rows(), conn.tpc_recover())
    conn.rollback()
    conn.tpc_begin("a plain name")
    conn.execute("DELETE FROM t")
    conn.tpc_prepare()
    conn.tpc_rollback()
    conn.tpc_begin("one phase")
    conn.execute("INSERT INTO t VALUES (51)")
    conn.tpc_commit()
    print(rows())
    conn.tpc_begin("left")
    conn.execute("INSERT INTO t VALUES (52)")
    conn.tpc_prepare()
    conn.close()
with psycopg.connect() as conn:
    (left,) = conn.tpc_recover()
    print(left.gtrid, left.format_id)
    conn.rollback()
    conn.tpc_commit(left)
    attempt(lambda: conn.tpc_rollback(left))
    print(rows())
