import { systemIndexByOid } from '../../../catalog/virtual/system-indexes.js';
import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/**
 * Amcheck: tools walk over all relations with it. There are no heap pages and no pages of indexes of their own to verify (the store's pages
 * are one B-tree for all), so whatever can be checked is found well.
 */
export const integrityFunctions: FunctionTable = {
  scalar: { bt_index_check: requireBtree, bt_index_parent_check: requireBtree },
  set: { verify_heapam: verifyHeap },
};

/** With one or two options more, which change how much is looked at. */
function requireBtree(oid: number, ...rest: readonly (boolean | FunctionContext)[]): string {
  const cx = rest.find((argument) => typeof argument === 'object');
  assert(cx !== undefined, 'a function is called with its context');
  const { catalog } = cx;
  const found = catalog.relationByOid(oid) ?? systemIndexByOid(catalog, oid);
  if (found === undefined) throw missing(oid);
  if (found.kind !== 'index') throw new SqlError(SqlState.wrongObjectType, `"${found.name}" is not an index`);
  const table = catalog.relationByOid(found.table);
  if (found.method !== 'btree' || (table?.kind === 'table' && table.partitionKey !== undefined))
    throw new SqlError(SqlState.featureNotSupported, 'only B-Tree indexes are supported as targets for verification', {
      detail: `Relation "${found.name}" is not a B-Tree index.`,
    });
  return '';
}

const SKIPS: ReadonlySet<SqlValue> = new Set(['all-visible', 'all-frozen', 'none']);

function verifyHeap(args: readonly SqlValue[], cx: FunctionContext): readonly SqlValue[][] {
  const [oid = null, , , skip = null] = args;
  const nullValue = (what: string) => new SqlError(SqlState.invalidParameterValue, `${what} cannot be null`);
  if (typeof oid !== 'number') throw nullValue('relation');
  if (skip === null) throw nullValue('skip');
  if (!SKIPS.has(typeof skip === 'string' ? skip.toLowerCase() : skip))
    throw new SqlError(SqlState.invalidParameterValue, 'invalid skip option', {
      hint: 'Valid skip options are "all-visible", "all-frozen", and "none".',
    });
  const { catalog } = cx;
  if (catalog.builtin.toastTables().some((table) => table.oid === oid)) return [];
  const found = catalog.relationByOid(oid) ?? systemIndexByOid(catalog, oid);
  if (found === undefined) throw missing(oid);
  const isPartitioned = found.kind === 'table' && found.partitionKey !== undefined;
  const isView = found.kind === 'view' || (found.kind === 'virtual' && found.relkind === 'v');
  const what = isPartitioned ? 'partitioned tables' : isView ? 'views' : KINDS[found.kind];
  if (what !== undefined)
    throw new SqlError(SqlState.wrongObjectType, `cannot check relation "${found.name}"`, {
      detail: `This operation is not supported for ${what}.`,
    });
  return [];
}

const KINDS: Readonly<Record<string, string>> = { index: 'indexes', composite: 'composite types' };

const missing = (oid: number): SqlError => new SqlError(SqlState.internalError, `could not open relation with OID ${oid}`);
