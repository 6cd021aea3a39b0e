"""What is looked up in the catalogs: enums, composites, ranges, multiranges, hstore, and types by name."""
from dataclasses import dataclass
from enum import Enum

import psycopg
from psycopg.types import TypeInfo
from psycopg.types.composite import CompositeInfo, register_composite
from psycopg.types.enum import EnumInfo, register_enum
from psycopg.types.hstore import register_hstore
from psycopg.types.multirange import Multirange, MultirangeInfo, register_multirange
from psycopg.types.range import Range, RangeInfo, register_range

# oids are the server's own


class Mood(Enum):
    SAD = "sad"
    OK = "ok"
    HAPPY = "happy"


@dataclass
class Point3:
    x: float
    y: float
    note: str


with psycopg.connect(autocommit=True) as conn:
    conn.execute("""
        CREATE SCHEMA app;
        CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'happy');
        CREATE TYPE point3 AS (x float8, y float8, note text);
        CREATE TYPE "Odd name" AS ("Left one" point3, moods app.mood[]);
        CREATE TYPE textrange AS RANGE (subtype = text);
        CREATE DOMAIN positive AS int CHECK (VALUE > 0);
        CREATE EXTENSION hstore;
    """)

    info = EnumInfo.fetch(conn, "app.mood")
    print(info.name, info.labels, info.array_oid > 0)
    register_enum(info, conn, Mood, mapping={m: m.value for m in Mood})
    for binary in (False, True):
        cur = conn.cursor(binary=binary)
        print(cur.execute("SELECT %s::app.mood, %s::app.mood[], 'ok'::app.mood", (Mood.HAPPY, [Mood.SAD, None])).fetchone())

    info = CompositeInfo.fetch(conn, "point3")
    print(info.name, info.field_names, info.field_types)
    register_composite(info, conn, Point3)
    odd = CompositeInfo.fetch(conn, '"Odd name"')
    print(odd.name, odd.field_names)
    register_composite(odd, conn)
    for binary in (False, True):
        cur = conn.cursor(binary=binary)
        print(cur.execute("SELECT '(1.5,,\"a \"\"b\"\"\")'::point3, ARRAY['(1,2,x)']::point3[]").fetchone())
        print(cur.execute("SELECT ROW(ROW(1, 2, 'n'), ARRAY['sad', 'ok']::app.mood[])::\"Odd name\"").fetchone())
        print(cur.execute("SELECT (%s::point3).note, %s::point3", ((1.0, 2.0, "t"), (None, 1.0, ""))).fetchone())
        print(cur.execute("SELECT (1, 'a'::text, NULL::int)").fetchone())
    conn.execute("CREATE TABLE shapes (id int PRIMARY KEY, p point3)")
    table = CompositeInfo.fetch(conn, "shapes")
    print(table.field_names, table.field_types[0])

    info = RangeInfo.fetch(conn, "textrange")
    print(info.name, info.subtype_oid)
    register_range(info, conn)
    multi = MultirangeInfo.fetch(conn, "textmultirange")
    print(multi.name, multi.subtype_oid, multi.range_oid == info.oid)
    register_multirange(multi, conn)
    for binary in (False, True):
        cur = conn.cursor(binary=binary)
        print(cur.execute("SELECT %s::textrange, %s::textrange @> 'c'::text, textrange('a', NULL)", (Range("a", 'z"'), Range("b", "d"))).fetchone())
        print(cur.execute("SELECT %s::textmultirange", (Multirange([Range("a", "b"), Range("x", None)]),)).fetchone())
    print(MultirangeInfo.fetch(conn, "int8multirange"))
    print(RangeInfo.fetch(conn, "tsrange"))

    info = TypeInfo.fetch(conn, "hstore")
    register_hstore(info, conn)
    print(conn.execute("SELECT %s::hstore, 'k=>v, n=>NULL'::hstore || 'z=>\"1 2\"'", ({"a": "1", "b": None},)).fetchone())
    print(conn.execute("SELECT %s::positive, pg_typeof(5::positive)::text", (5,)).fetchone())
    try:
        conn.execute("SELECT %s::positive", (-5,))
    except psycopg.errors.CheckViolation as error:
        print(error.diag.message_primary, error.diag.datatype_name, error.diag.schema_name, error.diag.constraint_name)
    print(conn.execute("SELECT 5::positive, ARRAY[1]::positive[]").description[0].type_code)
    print([TypeInfo.fetch(conn, name) is not None for name in ("positive", "app.mood", "mood")])
