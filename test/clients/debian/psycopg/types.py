"""Every common type as a parameter and a result, in text and in binary."""
import datetime as dt
import ipaddress
from decimal import Decimal
from uuid import UUID

import psycopg
from psycopg.types.json import Json, Jsonb
from psycopg.types.range import Range
from psycopg.types.multirange import Multirange

zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
VALUES = [
    ("bool", [True, False]),
    ("int2", [-(2**15), 2**15 - 1]),
    ("int4", [-(2**31), 2**31 - 1]),
    ("int8", [-(2**63), 2**63 - 1, 2**53 + 1]),
    ("oid", [0, 2**32 - 1]),
    ("float4", [1.5, float("inf"), -0.0]),
    ("float8", [0.1, 1e308, 5e-324, float("-inf")]),
    ("numeric", [Decimal("0"), Decimal("-1234567890.0123456789"), Decimal("1e-300"), Decimal("1E+100"), Decimal("NaN"), Decimal("10000.0000")]),
    ("text", ["", "a'b\\c", "żółć 🐘"]),
    ("varchar", ["x"]),
    ("bpchar", ["pad "]),
    ('"char"', ["c"]),
    ("name", ["a name"]),
    ("bytea", [b"", bytes(range(256))]),
    ("date", [dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2000, 1, 1)]),
    ("time", [dt.time(0), dt.time(23, 59, 59, 999999)]),
    ("timetz", [dt.time(12, 30, tzinfo=zone)]),
    ("timestamp", [dt.datetime(1, 1, 1), dt.datetime(2024, 2, 29, 23, 59, 59, 999999)]),
    ("timestamptz", [dt.datetime(2024, 7, 1, 12, tzinfo=zone), dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)]),
    ("interval", [dt.timedelta(days=-1, seconds=5, microseconds=7), dt.timedelta(0)]),
    ("uuid", [UUID(int=0), UUID("12345678-1234-5678-1234-567812345678")]),
    ("inet", [ipaddress.ip_address("10.0.0.1"), ipaddress.ip_interface("::1/64")]),
    ("cidr", [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32")]),
    ("json", [Json({"a": [1, None]}), Json("s")]),
    ("jsonb", [Jsonb({"b": 1.5, "a": {}}), Jsonb(None)]),
    ("int4range", [Range(1, 5), Range(None, 5, "()"), Range(empty=True), Range(1, 5, "[]")]),
    ("numrange", [Range(Decimal("1.5"), None, "(]")]),
    ("daterange", [Range(dt.date(2024, 1, 1), dt.date(2024, 2, 1))]),
    ("tstzrange", [Range(dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc), None)]),
    ("int4multirange", [Multirange([Range(1, 3), Range(5, 7)]), Multirange([])]),
    ("int4[]", [[1, None, 3], [[1, 2], [3, 4]]]),
    ("text[]", [["a", 'q"uote', "NULL", None, "{x,y}"]]),
    ("timestamptz[]", [[dt.datetime(2024, 7, 1, tzinfo=zone)]]),
    ("jsonb[]", [[Jsonb({"a": 1})]]),
    ("uuid[]", [[UUID(int=1)]]),
    ("bytea[]", [[b"\x00", b"'"]]),
    ("numeric[]", [[Decimal("1.10"), None]]),
]

with psycopg.connect(autocommit=True) as conn:
    conn.execute("SET TIME ZONE 'Asia/Kolkata'")
    for name, values in VALUES:
        print(name)
        for value in values:
            for sent in ("%s", "%b", "%t"):
                for binary in (False, True):
                    cur = conn.cursor(binary=binary)
                    try:
                        (result,) = cur.execute(f"SELECT {sent}::{name}", (value,)).fetchone()
                        print("   ", sent, binary, repr(result), cur.description[0].type_code)
                    except (psycopg.Error, OverflowError, ValueError) as error:
                        print("   ", sent, binary, type(error).__name__, str(error).split("\n")[0])

    print("what a type name looks up")
    for name in ("int4", "timestamptz", "int4range", "regtype", "_text", "nothing"):
        info = psycopg.types.TypeInfo.fetch(conn, name)
        print(info and (info.name, info.oid, info.array_oid))

    print("sizes in the description")
    cur = conn.execute("SELECT 1::numeric(10,2) AS n, 'x'::varchar(7) AS v, 'y'::char(3) AS c, now()::timestamp(3) AS t, 1::int2 AS i, '1'::bit(5) AS b, interval '1s'::interval(2) AS iv")
    for c in cur.description:
        print(c.name, c.type_code, c.display_size, c.internal_size, c.precision, c.scale)
