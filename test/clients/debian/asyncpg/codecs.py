"""The binary codecs of all types, as parameters, results, array elements and COPY's fields."""
import asyncio
import datetime as dt
import ipaddress
import uuid
from decimal import Decimal

import asyncpg

inf = float("inf")
utc = dt.timezone.utc
SAMPLES = {
    "bool": [True, False],
    "smallint": [-(2**15), 0, 2**15 - 1],
    "int": [-(2**31), 2**31 - 1],
    "bigint": [-(2**63), 2**63 - 1, 2**53 + 1],
    "real": [1.5, inf, -inf],
    "double precision": [0.1, 1e308, 5e-324, inf],
    "numeric": [Decimal(x) for x in ("0", "0.00", "-1.000000000000000000001", "1E+400", "99999999", "0.0001", "10000", "NaN")],
    "text": ["", "żółć 🐘", "a\nb"],
    "varchar": ["x"],
    "char(4)": ["ab  "],
    "name": ["n"],
    '"char"': [b"c", b"\xff"],
    "bytea": [b"", bytes(range(256))],
    "date": [dt.date(1, 1, 1), dt.date.max, dt.date(2000, 1, 1)],
    "time": [dt.time(0), dt.time(23, 59, 59, 999999)],
    "timetz": [dt.time(12, tzinfo=dt.timezone(dt.timedelta(hours=-5, minutes=-30)))],
    "timestamp": [dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999999)],
    "timestamptz": [dt.datetime(1970, 1, 1, tzinfo=utc), dt.datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=utc)],
    "interval": [dt.timedelta(days=40, seconds=-5, microseconds=1), dt.timedelta(-1)],
    "uuid": [uuid.UUID(int=0), uuid.UUID("12345678-1234-5678-1234-567812345678")],
    "inet": [ipaddress.ip_address("10.0.0.1"), ipaddress.ip_interface("10.0.0.1/8"), ipaddress.ip_address("::1")],
    "cidr": [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::/0")],
    "macaddr": ["00:11:22:33:44:55"],
    "macaddr8": ["00:11:22:33:44:55:66:77"],
    "json": ['{"a":  1}', "null"],
    "jsonb": ['{"b": 1, "a": [1, null]}', '"s"'],
    "jsonpath": ['$."a"[*]'],
    "oid": [0, 2**32 - 1],
    "bit(5)": [asyncpg.BitString("10101")],
    "varbit": [asyncpg.BitString(""), asyncpg.BitString("1" * 17)],
    "point": [asyncpg.Point(1.5, -2)],
    "box": [asyncpg.Box((3, 4), (1, 2))],
    "path": [asyncpg.Path((0, 0), (1, 1), is_closed=True), asyncpg.Path((0, 0), (1, 1), is_closed=False)],
    "polygon": [asyncpg.Polygon((0, 0), (1, 0), (0, 1))],
    "line": [asyncpg.Line(1, 2, 3)],
    "lseg": [asyncpg.LineSegment((0, 0), (1, 1))],
    "circle": [asyncpg.Circle((1, 2), 3)],
    "money": ["$1.50"],
    "xid": [5],
    "tid": [(1, 2)],
    "tsvector": ["'a':1A 'b':2"],
    "tsquery": ["'a' & !'b':*"],
    "int4range": [asyncpg.Range(1, 5), asyncpg.Range(empty=True), asyncpg.Range(None, 3), asyncpg.Range(1, 4, upper_inc=True)],
    "numrange": [asyncpg.Range(Decimal("1.5"), None, lower_inc=False)],
    "tstzrange": [asyncpg.Range(dt.datetime(2024, 1, 1, tzinfo=utc), dt.datetime(2025, 1, 1, tzinfo=utc))],
    "daterange": [asyncpg.Range(dt.date(2024, 1, 1), dt.date(2024, 1, 31), upper_inc=True)],
    "int4multirange": [[asyncpg.Range(1, 3), asyncpg.Range(5, 7)], []],
    "regclass": ["pg_class"],
    "regtype": ["integer"],
    "mood": ["sad", "o'k"],
    "positive": [1],
    "pair": [(1, "x"), (None, None)],
    "nested": [((1, "x"), ["sad"], 5)],
    "int[]": [[], [1, None], [[1, 2], [3, 4]]],
    "text[]": [["a", None, 'q"', "{x}", "NULL"]],
    "mood[]": [["sad", None]],
    "pair[]": [[(1, "a"), None]],
    "positive[]": [[1, 2]],
    "timestamptz[]": [[dt.datetime(2024, 1, 1, tzinfo=utc)]],
    "int4range[]": [[asyncpg.Range(1, 2)]],
    "textrange": [asyncpg.Range("a", "z")],
    "textmultirange": [[asyncpg.Range("a", "b")]],
}


def shown(value):
    return repr(tuple(value)) if isinstance(value, (asyncpg.Record, asyncpg.Path)) else repr(value)


async def main():
    conn = await asyncpg.connect()
    await conn.execute("""
        CREATE TYPE mood AS ENUM ('sad', 'o''k'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
        CREATE TYPE pair AS (a int, b text); CREATE TYPE nested AS (p pair, m mood[], n positive);
        CREATE TYPE textrange AS RANGE (subtype = text);
    """)
    for name, samples in SAMPLES.items():
        for sample in samples:
            try:
                result, text = await conn.fetchrow(f"SELECT $1::{name}, $1::{name}::text", sample)
                print(name, shown(result), repr(text))
            except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.DataError) as error:
                print(name, shown(sample), type(error).__name__, error)
    print("infinite dates and the rest that only the server has")
    for expression in ("'Infinity'::numeric", "'infinity'::date", "'-infinity'::timestamp", "'infinity'::timestamptz", "NULL::int", "'24:00'::time", "ROW(1, 'a', NULL::int)",
                       "ARRAY[ROW(1, 'a')]", "'[2:3]={1,2}'::int[]", "now() > '2000-01-01'", "'x'", "1.50", "pg_typeof(1)", "''::\"char\"", "B'101'", "interval '1 year 2 mons 3 days'", "void_fn()"):
        try:
            if expression == "void_fn()":
                await conn.execute("CREATE FUNCTION void_fn() RETURNS void LANGUAGE sql AS ''")
            print(expression, shown(await conn.fetchval(f"SELECT {expression}")))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OverflowError, ValueError) as error:
            print(expression, type(error).__name__, str(error).split("\n")[0])

    print("COPY of them all")
    columns = [name for name in SAMPLES if name not in ("xid", "tid", "regclass", "regtype", "path", "line", "char(4)", "bit(5)") and not isinstance(SAMPLES[name][0], str) or name in ("text", "varchar", "json", "jsonb", "mood")]
    await conn.execute("CREATE TABLE every (" + ", ".join(f"c{i} {name}" for i, name in enumerate(columns)) + ")")
    rows = [tuple(SAMPLES[name][i % len(SAMPLES[name])] for name in columns) for i in range(10)] + [(None,) * len(columns)]
    print(await conn.copy_records_to_table("every", records=rows))
    back = await conn.fetch("SELECT * FROM every")
    print(sum(tuple(a) == b for a, b in zip(back, rows)), len(back))
    print(await conn.fetchval("SELECT md5(string_agg(every::text, '|' ORDER BY every::text)) FROM every"))

    print("codecs of one's own")
    await conn.set_type_codec("json", encoder=lambda v: "{}", decoder=lambda v: ("decoded", v), schema="pg_catalog")
    print(await conn.fetchval("SELECT '[1]'::json"))
    await conn.set_type_codec("numeric", encoder=str, decoder=float, schema="pg_catalog", format="text")
    print(await conn.fetchrow("SELECT 1.5::numeric, $1::numeric", 2.25))
    await conn.set_type_codec("mood", encoder=str.lower, decoder=str.upper, format="text")
    print(await conn.fetchval("SELECT $1::mood", "SAD"))
    await conn.execute("CREATE EXTENSION hstore")
    await conn.set_builtin_type_codec("hstore", codec_name="pg_contrib.hstore")
    print(await conn.fetchval("SELECT $1::hstore || 'n=>NULL'", {"a": "1"}))
    await conn.close()


asyncio.run(main())
