import { describe, expect, it } from 'vitest';
import { role } from '../../src/catalog/initial.js';
import type { LayeredCatalog } from '../../src/catalog/layered-catalog.js';
import type { VirtualContext } from '../../src/catalog/virtual/index.js';
import { PROVIDERS } from '../../src/catalog/virtual/providers.js';
import { RoleOid, SLOT_COUNT } from '../../src/commons/system-names.js';
import { TypeOid } from '../../src/types/oids.js';
import { Interval, type Row, SqlArray, type SqlValue } from '../../src/types/value.js';
import { builtin, catalogOf, contextOf, Oid, rowsOf, virtualRelation } from './virtual-fixture.js';

const statistics = {
  kind: 'statistics',
  oid: Oid.users,
  rows: 500,
  columns: {
    1: { nullFraction: 0, distinct: -1, averageWidth: 4, histogram: [1, 250, 500] },
    9: { nullFraction: 0.1, distinct: 2, averageWidth: 1, mostCommon: [{ value: true, fraction: 0.6 }] },
  },
} as const;
const catalog = catalogOf(statistics);
const asSuperuser = contextOf(catalog, RoleOid.postgres, { sessionRows });
const asOwner = contextOf(catalog, Oid.owner, { sessionRows });
const asReader = contextOf(catalog, Oid.reader, { sessionRows });

/** Two sessions, of the owner and of the reader. */
function sessionRows(provider: string): Row[] | undefined {
  switch (provider) {
    case 'system.sessions':
      return [
        [
          101,
          'golden_owner',
          'golden_owner',
          'postgres',
          'psql',
          '127.0.0.1',
          5000,
          0,
          null,
          null,
          'idle',
          'SELECT 1',
          1,
          'read committed',
          null,
          null,
          null,
        ],
        [
          102,
          'golden_reader',
          'eve',
          'postgres',
          '',
          '127.0.0.1',
          5001,
          0,
          null,
          null,
          'active',
          'SELECT 2',
          0,
          'read committed',
          5,
          1,
          0.5,
        ],
      ];
    case 'system.live_queries':
      return [
        [1, 101, 'golden_owner', 'todos', 'app.todos', null, 0, 5, 0, 0, 3, 120, 0, 0.5],
        [2, 103, 'golden_reader', 'todos', 'app.todos', null, 0, 5, 0, 0, 3, 120, 0, 0.5],
      ];
    case 'pg_catalog.pg_stat_activity': {
      const nothing: SqlValue[] = new Array<SqlValue>(15).fill(null);
      return [
        [5, 'postgres', 101, null, Oid.owner, 'golden_owner', 'psql', ...nothing.slice(0, 13), 'SELECT 1', 'client backend'],
        [5, 'postgres', 102, null, Oid.reader, 'golden_reader', '', ...nothing.slice(0, 13), 'SELECT 2', 'client backend'],
      ];
    }
    case 'backend_owners':
      return [
        [101, Oid.owner, null],
        [102, Oid.reader, null],
      ];
    default:
      return undefined;
  }
}

// A sequence's row is its own relation's, which no schema lists.
const providers = Object.keys(PROVIDERS).filter((name) => name.includes('.'));

describe('every provider', () => {
  it.each(providers)('%s makes rows of its relation', (name) => {
    const relation = virtualRelation(catalog, name);
    for (const cx of [asSuperuser, asReader])
      for (const row of rowsOf(cx, name)) {
        expect(row.length).toBe(relation.columns.length);
        for (const [i, column] of relation.columns.entries())
          if (!fits(row[i], column.type))
            expect.fail(`${name}.${column.name}: ${String(row[i])} is no ${builtin.typeByOid(column.type)?.name}`);
      }
  });

  it.each(providers)('%s gives the same rows whatever look-up it is offered', (name) => {
    const relation = virtualRelation(catalog, name);
    const all = rowsOf(asOwner, name);
    const sample = all.filter((_, i) => i % Math.ceil(all.length / 20) === 0);
    for (const [i, column] of relation.columns.entries()) {
      const values = new Set(sample.map((row) => row[i]));
      for (const value of values) {
        if (typeof value !== 'string' && typeof value !== 'number') continue;
        const found = rowsOf(asOwner, name, { [column.name]: value }).filter((row) => row[i] === value);
        expect(found.map(String).sort(), `${column.name} = ${value}`).toEqual(
          all
            .filter((row) => row[i] === value)
            .map(String)
            .sort(),
        );
      }
    }
  });

  it('gives nothing for what does not exist', () => {
    expect(rowsOf(asOwner, 'pg_catalog.pg_class', { oid: 999_999 })).toEqual([]);
    expect(rowsOf(asOwner, 'pg_catalog.pg_class', { relname: 'nothing' })).toEqual([]);
    expect(rowsOf(asOwner, 'information_schema.columns', { table_schema: 'nowhere', table_name: 'users' })).toEqual([]);
    expect(rowsOf(asOwner, 'pg_catalog.pg_trigger')).toEqual([]);
  });
});

const NUMBERS: ReadonlySet<number> = new Set<number>([
  TypeOid.oid,
  TypeOid.int2,
  TypeOid.int4,
  TypeOid.float4,
  TypeOid.float8,
  TypeOid.regproc,
  TypeOid.regtype,
  TypeOid.xid,
  TypeOid.timestamptz,
]);

/** Whether a value has the run-time form of a type. */
function fits(value: SqlValue | undefined, type: number): boolean {
  if (value === null) return true;
  const facts = builtin.typeByOid(type);
  if (facts?.kind === 'd') return fits(value, facts.baseType);
  if (NUMBERS.has(type)) return typeof value === 'number';
  if (type === TypeOid.int8) return typeof value === 'number' || typeof value === 'bigint';
  if (type === TypeOid.bool) return typeof value === 'boolean';
  if (type === TypeOid.interval) return value instanceof Interval;
  if (type === TypeOid.anyarray) return value instanceof SqlArray;
  if (facts?.isArray === true) return value instanceof SqlArray && value.elements.every((element) => fits(element, facts.element));
  return typeof value === 'string';
}

/** A row by the names of its columns. */
function named(cx: VirtualContext, name: string, equal: Readonly<Record<string, SqlValue>>): Record<string, SqlValue>[] {
  const { columns } = virtualRelation(catalog, name);
  return rowsOf(cx, name, equal)
    .map((row) => Object.fromEntries(columns.map((column, i) => [column.name, row[i] ?? null])))
    .filter((row) => Object.entries(equal).every(([column, value]) => row[column] === value));
}

describe('statistics', () => {
  it('stand in pg_class and pg_stats once a table was analysed', () => {
    expect(named(asOwner, 'pg_catalog.pg_class', { relname: 'users', relnamespace: Oid.app })).toMatchObject([
      { reltuples: 500, relpages: 3 },
    ]);
    expect(named(asOwner, 'pg_catalog.pg_class', { relname: 'tags' })).toMatchObject([{ reltuples: -1, relpages: 0 }]);
    const [id, active] = named(asOwner, 'pg_catalog.pg_stats', { tablename: 'users' });
    expect(id).toMatchObject({
      attname: 'id',
      n_distinct: -1,
      histogram_bounds: new SqlArray(['1', '250', '500']),
      most_common_vals: null,
    });
    expect(active).toMatchObject({ attname: 'active', null_frac: 0.1, most_common_vals: new SqlArray(['t']) });
  });

  it('show how many rows a table has now', () => {
    expect(named(asOwner, 'pg_catalog.pg_stat_user_tables', { relname: 'users' })).toMatchObject([{ schemaname: 'app', n_live_tup: 12 }]);
    expect(named(asOwner, 'pg_catalog.pg_stat_sys_tables', { relname: 'users' })).toEqual([]);
  });
});

describe('the hidden columns', () => {
  it('stand in pg_attribute behind the system columns, of tables only', () => {
    const hidden = (oid: number) => named(asOwner, 'pg_catalog.pg_attribute', { attrelid: oid }).filter((row) => Number(row.attnum) < 0);
    expect(hidden(Oid.users).map((row) => row.attname)).toEqual(['tableoid', 'cmax', 'xmax', 'cmin', 'xmin', 'ctid']);
    expect(hidden(1259).map((row) => row.attname)).toEqual(['tableoid', 'cmax', 'xmax', 'cmin', 'xmin', 'ctid']);
    expect(hidden(Oid.view)).toEqual([]);
  });
});

describe('schema system', () => {
  it('shows administrators all, others their own', () => {
    expect(named(asSuperuser, 'system.users', {}).map((row) => row.user_id)).toContain('golden_reader');
    expect(named(asReader, 'system.users', {})).toMatchObject([{ user_id: 'golden_reader', slot: 7, shard: 3 }]);
    expect(named(asSuperuser, 'system.sessions', {}).length).toBe(2);
    expect(named(asReader, 'system.sessions', {}).map((row) => row.pid)).toEqual([102]);
    expect(named(asOwner, 'system.live_queries', {}).map((row) => row.id)).toEqual([1]);
    expect(named(asReader, 'system.live_queries', {}).map((row) => row.id)).toEqual([2]);
    expect(rowsOf(asSuperuser, 'system.slots').length).toBe(SLOT_COUNT);
    expect(rowsOf(asReader, 'system.slots')).toEqual([[7, 3]]);
  });

  it('lists tables with what KalamDB adds', () => {
    expect(named(asOwner, 'system.tables', { table_name: 'users' })).toMatchObject([
      { schema_name: 'app', table_type: 'shared', owner: 'golden_owner', serde: 'msgpack', estimated_rows: 12, ttl_seconds: null },
    ]);
    expect(named(asReader, 'system.tables', {}).map((row) => row.table_name)).toEqual(['users', 'posts']);
  });

  it('lets members of kalamdb_admin see all', () => {
    const memberOf = [{ role: RoleOid.admin, admin: false, grantor: RoleOid.postgres }];
    const admins = catalogOf({ ...role('golden_reader', Oid.reader), memberOf });
    expect(rowsOf(contextOf(admins, Oid.reader, { sessionRows }), 'system.sessions').length).toBe(2);
  });
});

describe('sessions that act for one end user each', () => {
  const sessions = (boundUser: string | undefined, endUser: string | null) =>
    named(
      contextOf(catalog, Oid.reader, {
        ...(boundUser === undefined ? {} : { boundUser }),
        sessionRows: (provider) => (provider === 'backend_owners' ? [[102, Oid.reader, endUser]] : sessionRows(provider)),
      }),
      'system.sessions',
      {},
    ).map((row) => row.pid);
  it('see that user’s alone', () => {
    expect(sessions('eve', 'eve')).toEqual([102]);
    expect(sessions('eve', 'ann')).toEqual([]);
    expect(sessions('eve', null)).toEqual([]);
    expect(sessions(undefined, 'ann')).toEqual([]);
    expect(sessions(undefined, null)).toEqual([102]);
  });
});

describe('pg_stat_activity', () => {
  it('withholds what others run', () => {
    expect(named(asSuperuser, 'pg_catalog.pg_stat_activity', {}).map((row) => row.query)).toEqual(['SELECT 1', 'SELECT 2']);
    expect(named(asReader, 'pg_catalog.pg_stat_activity', {}).map((row) => row.query)).toEqual(['<insufficient privilege>', 'SELECT 2']);
  });
});

describe('time zones', () => {
  it('come with their offsets of now', () => {
    expect(rowsOf(asOwner, 'pg_catalog.pg_timezone_names', { name: 'Europe/Berlin' })).toEqual([
      ['Europe/Berlin', 'CET', new Interval(0, 0, 3_600_000_000), false],
    ]);
    expect(rowsOf(asOwner, 'pg_catalog.pg_timezone_names', { name: 'EUROPE/berlin' })).toEqual([]);
  });
});

describe('a schema of 1,000 tables', () => {
  const large = contextOf(largeCatalog(), Oid.owner);

  it('is looked up by name and oid without making every row', () => {
    const elapsed = timed(() => {
      for (let i = 0; i < 100; i++) {
        const [row] = rowsOf(large, 'pg_catalog.pg_class', { relname: `t${i}`, relnamespace: Oid.app });
        const oid = row?.[0] ?? 0;
        expect(rowsOf(large, 'pg_catalog.pg_attribute', { attrelid: oid }).length).toBe(18);
        expect(rowsOf(large, 'pg_catalog.pg_index', { indrelid: oid }).length).toBe(1);
        expect(rowsOf(large, 'pg_catalog.pg_constraint', { conrelid: oid }).length).toBe(1);
        expect(rowsOf(large, 'pg_catalog.pg_attrdef', { adrelid: oid }).length).toBe(0);
        expect(rowsOf(large, 'information_schema.columns', { table_schema: 'app', table_name: `t${i}` }).length).toBe(12);
      }
    });
    expect(elapsed / 100).toBeLessThan(10);
  });

  it('is listed within a few milliseconds', () => {
    // Each of another catalog, so that nothing is kept; the least of some, since the first ones are compiled and the machine may be busy.
    const catalogs = Array.from({ length: 6 }, () => contextOf(largeCatalog(), Oid.owner));
    const least = (name: string) => Math.min(...catalogs.map((cx) => timed(() => rowsOf(cx, name))));
    expect(least('pg_catalog.pg_class')).toBeLessThan(50);
    expect(least('pg_catalog.pg_attribute')).toBeLessThan(250);
  });

  it('is kept once it is read again, until the catalog or the role is another', () => {
    const cx = contextOf(largeCatalog(), Oid.owner);
    const first = rowsOf(cx, 'pg_catalog.pg_depend');
    const again = rowsOf(cx, 'pg_catalog.pg_depend');
    const kept = rowsOf(cx, 'pg_catalog.pg_depend');
    expect(again).toEqual(first);
    expect(kept[0]).toBe(again[0]);
    const objid = again[0]?.[1] ?? null;
    expect(rowsOf(cx, 'pg_catalog.pg_depend', { objid })).toEqual(again.filter((row) => row[1] === objid));
    expect(rowsOf(contextOf(largeCatalog(), Oid.owner), 'pg_catalog.pg_depend')[0]).not.toBe(again[0]);
    expect(rowsOf(contextOf(cx.catalog as LayeredCatalog, Oid.reader), 'pg_catalog.pg_depend')[0]).not.toBe(again[0]);
  });

  it('is not kept where rows tell of more than the catalog', () => {
    let last = 0;
    const cx = contextOf(largeCatalog(), RoleOid.postgres, { sequenceLastValue: () => ++last });
    const seen = [1, 2, 3, 4].map(() => named(cx, 'pg_catalog.pg_sequences', {}).map((row) => row.last_value)[0]);
    expect(new Set(seen).size).toBe(4);
  });
});

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function largeCatalog(): LayeredCatalog {
  const users = catalog.relationByOid(Oid.users);
  const key = catalog.relationByOid(16421);
  if (users?.kind !== 'table' || key?.kind !== 'index') throw new Error('the fixture has users and their key');
  const columns = users.columns.slice(0, 12).map(({ defaultText: _, ownedSequence: __, ...column }) => column);
  const tables = Array.from({ length: 1000 }, (_, i) => {
    const oid = 20_000 + i * 10;
    const constraint = { kind: 'primary key', oid: oid + 4, name: `t${i}_pkey`, columns: [1], index: oid + 3 } as const;
    return [
      { ...users, oid, name: `t${i}`, rowType: oid + 1, rowArrayType: oid + 2, columns, constraints: [constraint] },
      { ...key, oid: oid + 3, name: `t${i}_pkey`, table: oid, constraint: oid + 4 },
    ];
  });
  return catalogOf(...tables.flat());
}
