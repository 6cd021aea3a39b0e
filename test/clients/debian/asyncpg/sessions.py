"""Prepared statements, cursors, transactions, COPY, notifications, the pool, and introspection."""
import asyncio
import io

import asyncpg


async def attempt(action):
    try:
        print(await action)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        print(type(error).__name__, getattr(error, "sqlstate", None), str(error).split("\n")[0], getattr(error, "detail", None), getattr(error, "hint", None))


async def main():
    conn = await asyncpg.connect(server_settings={"application_name": "asyncpg", "search_path": "app, public"})
    settings = conn.get_settings()
    print(settings.application_name, settings.server_encoding, conn.get_server_version()[0], conn.get_server_pid() > 0)
    await conn.execute("CREATE SCHEMA app; CREATE TABLE t (id int PRIMARY KEY, name text, at timestamptz DEFAULT now())")

    print("prepared statements")
    statement = await conn.prepare("SELECT id, name, $2::text AS given FROM t WHERE id > $1 ORDER BY id")
    print([(p.name, p.schema, p.kind) for p in statement.get_parameters()], [(a.name, a.type.name) for a in statement.get_attributes()])
    print(await conn.executemany("INSERT INTO t (id, name) VALUES ($1, $2)", [(i, f"n{i}") for i in range(100)]))
    print([tuple(r) for r in await statement.fetch(97, "x")], statement.get_statusmsg(), await statement.fetchval(50, "y", column=1))
    print((await statement.explain(1, "z"))[0].keys() >= {"Plan"}, (await (await conn.prepare("SELECT 1")).explain(analyze=True))[0].keys() >= {"Plan", "Execution Time"})
    await conn.execute("ALTER TABLE t ADD extra int")
    print([dict(r).keys() for r in await conn.fetch("SELECT * FROM t WHERE id = $1", 1)])
    await conn.execute("ALTER TABLE t DROP extra")
    print([list(dict(r)) for r in await conn.fetch("SELECT * FROM t WHERE id = $1", 1)])
    await attempt(conn.fetch("SELECT * FROM nowhere"))
    await attempt(conn.fetch("SELECT $1::int", "not a number"))
    await attempt(conn.execute("INSERT INTO t (id) VALUES (1)"))
    await attempt(conn.fetch("SELECT 1; SELECT 2"))
    await attempt(conn.executemany("INSERT INTO t (id) VALUES ($1)", [(1000,), (1,), (1001,)]))
    print(await conn.fetchval("SELECT count(*) FROM t"))
    print(await conn.execute("UPDATE t SET name = 'u' WHERE id < 5"), await conn.execute("SELECT 1; DELETE FROM t WHERE id = 99"))

    print("cursors")
    async with conn.transaction():
        print(sum([r[0] async for r in conn.cursor("SELECT id FROM t ORDER BY id", prefetch=7)]))
        cursor = await conn.cursor("SELECT id FROM t WHERE id >= $1 ORDER BY id", 10)
        print(await cursor.fetchrow(), len(await cursor.fetch(5)), await cursor.forward(20), await cursor.fetchrow())

    print("transactions")
    for options in ({"isolation": "serializable", "readonly": True, "deferrable": True}, {"isolation": "repeatable_read"}, {}):
        async with conn.transaction(**options):
            print([await conn.fetchval(f"SELECT current_setting('transaction_{name}')") for name in ("isolation", "read_only", "deferrable")])
    try:
        async with conn.transaction():
            await conn.execute("DELETE FROM t")
            try:
                async with conn.transaction():
                    await conn.execute("SELECT 1/0")
            except asyncpg.DivisionByZeroError as error:
                print(error, conn.is_in_transaction())
            raise KeyError("outer")
    except KeyError:
        print(await conn.fetchval("SELECT count(*) FROM t"))

    print("COPY")
    out = io.BytesIO()
    print(await conn.copy_from_query("SELECT id, name FROM t WHERE id < $1 ORDER BY id", 3, output=out, format="csv", header=True), out.getvalue())
    print(await conn.copy_to_table("t", source=io.BytesIO(b"500;'five hundred'\n"), columns=["id", "name"], format="csv", delimiter=";", quote="'"))
    print(await conn.copy_records_to_table("t", records=((i, f"r{i}") for i in range(2000, 7000)), columns=["id", "name"]))
    out = io.BytesIO()
    print(await conn.copy_from_table("t", output=out, columns=["id"], format="binary"), out.getvalue()[:11])
    await attempt(conn.copy_records_to_table("t", records=[(1, "twice")], columns=["id", "name"]))
    await attempt(conn.copy_to_table("t", source=io.BytesIO(b"x\n"), columns=["id"]))

    print("notifications and notices")
    heard, logged = asyncio.Queue(), []
    await conn.add_listener("channel", lambda c, pid, channel, payload: heard.put_nowait((channel, payload)))
    conn.add_log_listener(lambda c, message: logged.append((message.severity, message.message)))
    other = await asyncpg.connect()
    await other.execute("SELECT pg_notify('channel', 'payload')")
    print(await asyncio.wait_for(heard.get(), 5))
    await conn.execute("DO $$ BEGIN RAISE NOTICE 'n %', 1; RAISE WARNING 'w'; END $$")
    print(logged)
    await conn.reset()
    print(await conn.fetchval("SHOW search_path"))

    print("cancelling")
    try:
        await conn.fetch("SELECT pg_sleep(30)", timeout=0.2)
    except asyncio.TimeoutError:
        print("timeout")
    print(await conn.fetchval("SELECT 'still there'"))
    await other.close()

    print("introspection of types")
    await conn.execute("CREATE TYPE deep AS (a int[], b numrange); CREATE DOMAIN over AS deep; CREATE TYPE deeper AS (d deep, ds deep[], o over)")
    statement = await conn.prepare("SELECT $1::deeper, NULL::deep[]")
    print(statement.get_parameters()[0].name, [(a.type.name, a.type.schema, a.type.kind) for a in statement.get_attributes()])
    print(await conn.fetchval("SELECT ROW(ROW(ARRAY[1], '[1,2)')::deep, ARRAY[ROW(NULL, NULL)::deep], NULL)::deeper"))
    await conn.reload_schema_state()

    async with asyncpg.create_pool(min_size=2, max_size=4) as pool:
        await pool.execute("CREATE TABLE counter (n int); INSERT INTO counter VALUES (0)")
        await asyncio.gather(*(pool.execute("UPDATE counter SET n = n + $1", i) for i in range(50)))
        print(await pool.fetchval("SELECT n FROM counter"))
        async with pool.acquire() as one:
            await one.execute("SET application_name = 'changed'; CREATE TEMP TABLE temporary (a int); SELECT pg_advisory_lock(1)")
        async with pool.acquire() as one:
            print(await one.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
    await conn.close()


asyncio.run(main())
