"""The asynchronous connection and the pools: many sessions at work at once."""
import asyncio

import psycopg
from psycopg_pool import AsyncConnectionPool, ConnectionPool


async def transfer(pool, source, target, amount):
    while True:
        try:
            async with pool.connection() as conn:
                await conn.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
                await conn.execute("UPDATE accounts SET balance = balance - %s WHERE id = %s", (amount, source))
                await conn.execute("UPDATE accounts SET balance = balance + %s WHERE id = %s", (amount, target))
                return
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            await asyncio.sleep(0.001)


async def main():
    async with await psycopg.AsyncConnection.connect(autocommit=True) as conn:
        await conn.execute("CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL)")
        async with conn.cursor() as cur:
            async with cur.copy("COPY accounts FROM STDIN") as copy:
                for i in range(10):
                    await copy.write_row((i, 100))
        async with conn.cursor("named") as cur:
            try:
                await cur.execute("SELECT 1")
            except psycopg.errors.NoActiveSqlTransaction as error:
                print(error.diag.message_primary)
        async with conn.transaction(), conn.cursor("named") as cur:
            await cur.execute("SELECT id FROM accounts ORDER BY id")
            cur.itersize = 3
            print([row[0] async for row in cur])
        async with conn.pipeline():
            cursors = [await conn.execute("SELECT %s::int * 2", (i,)) for i in range(20)]
            print([(await cur.fetchone())[0] for cur in cursors])

        await conn.execute("LISTEN done")
        async with AsyncConnectionPool(min_size=4, max_size=8) as pool:
            await asyncio.gather(*(transfer(pool, i % 10, (i * 3 + 1) % 10, 1) for i in range(60)))
            async with pool.connection() as other:
                await other.execute("NOTIFY done, 'all of them'")
        async for notify in conn.notifies():
            print(notify.payload)
            break
        cur = await conn.execute("SELECT sum(balance), count(*) FROM accounts")
        print(await cur.fetchone())

        task = asyncio.create_task(conn.execute("SELECT pg_sleep(30)"))
        await asyncio.sleep(0.2)
        conn.cancel()
        try:
            await task
        except psycopg.errors.QueryCanceled as error:
            print(error.diag.message_primary)


asyncio.run(main())

with ConnectionPool(min_size=2, max_size=2, kwargs={"autocommit": True}) as pool:
    pool.wait()
    with pool.connection() as conn:
        conn.execute("SET application_name = 'kept by the connection'")
    with pool.connection() as first, pool.connection() as second:
        print(sorted(c.execute("SHOW application_name").fetchone()[0] for c in (first, second)))
    try:
        with pool.connection() as conn:
            conn.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    except psycopg.OperationalError as error:
        print(type(error).__name__)
    with pool.connection() as conn:
        print(conn.execute("SELECT 'a good one'").fetchone())
