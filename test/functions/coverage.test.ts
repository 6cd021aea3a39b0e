import { describe, expect, it } from 'vitest';
import { loadBuiltinCatalog } from '../../src/catalog/builtin/index.js';
import { createFunctionLibrary } from '../../src/executor/functions/index.js';

const catalog = loadBuiltinCatalog();
const library = createFunctionLibrary();

/** The types whose operators and casts must all be there, with their arrays. */
const TYPES =
  'bool char int2 int4 int8 float4 float8 numeric text varchar bpchar name bytea uuid date time timetz timestamp timestamptz interval json jsonb ' +
  'oid regproc regprocedure regoper regoperator regclass regtype regrole regnamespace regcollation record anyarray anyelement anynonarray ' +
  'anycompatible anycompatiblearray anycompatiblenonarray oidvector int2vector xid cid xid8';

/** Operators over those types that are not there. */
const ABSENT: ReadonlySet<string> = new Set();

const known = new Set<number>([0]);
for (const name of TYPES.split(' ')) {
  const type = catalog.typeByName(name);
  if (type === undefined) throw new Error(`no type ${name}`);
  known.add(type.oid);
  known.add(type.array);
}

/** Any types will do: the library only looks whether it has the source. */
const SOME_TYPES = { args: [1007, 1007, 1007, 1007], result: 1007 };

function missing(procs: readonly number[]): string[] {
  const sources = new Set(procs.map((oid) => catalog.procByOid(oid)?.source ?? ''));
  return [...sources].filter((source) => library.scalar(source, 0, SOME_TYPES) === undefined && !ABSENT.has(source));
}

/** What the binder calls besides PostgreSQL's own functions. */
const OWN: ReadonlySet<string> = new Set([
  'assign_array_element',
  'assign_array_slice',
  'assign_fixed_element',
  'assign_jsonb_element',
  'assign_record_field',
  'nextval_identity',
  'transition_table',
]);

describe('the function library', () => {
  it('has every operator of the types that there are', () => {
    const procs = catalog.operators().filter((operator) => known.has(operator.left) && known.has(operator.right) && operator.proc !== 0);
    expect(missing(procs.map((operator) => operator.proc))).toEqual([]);
  });

  it('has every cast between them', () => {
    const casts = catalog.casts().filter((cast) => known.has(cast.source) && known.has(cast.target) && cast.func !== 0);
    expect(missing(casts.map((cast) => cast.func))).toEqual([]);
  });

  it('has the aggregates of those types but for ordered sets', () => {
    const absent = catalog
      .aggregates()
      .filter((aggregate) => aggregate.kind === 'n')
      .map((aggregate) => catalog.procByOid(aggregate.proc))
      .filter((proc) => proc?.argTypes.every((type) => known.has(type) || type === 2276))
      .map((proc) => `${proc?.name}(${proc?.argTypes.join(',')})`)
      .filter((key) => library.aggregate(key, SOME_TYPES) === undefined);
    expect(absent).toEqual([]);
  });

  it('has no source that pg_proc lacks', () => {
    const all = catalog.withExtensions(catalog.availableExtensions().map(({ name }) => ({ name, owner: 10, schema: 11 })));
    const sources = new Set(all.procs().map((proc) => proc.source));
    const aggregates = new Set(all.procs().map((proc) => `${proc.name}(${proc.argTypes.join(',')})`));
    expect(library.sources().filter((source) => !sources.has(source) && !aggregates.has(source) && !OWN.has(source))).toEqual([]);
  });
});
