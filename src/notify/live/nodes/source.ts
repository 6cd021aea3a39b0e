import { isPartitioned } from '../../../executor/access/index.js';
import type { PlanTableScan } from '../../../planner/optimize/physical.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { RowVersion } from '../../row-version.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode } from '../live-node.js';
import { tableIdentity } from '../row-identity.js';

/** The rows of a table that pass the scan's filter. */
export function compileSource(plan: PlanTableScan, place: Place, compiler: LiveCompiler): LiveNode {
  const source = compiler.addSource(plan.table);
  const read = compileVersionReader(plan);
  const filter = plan.filter === undefined ? undefined : compiler.layout(plan.output, place).predicate(plan.filter);
  return {
    output: plan.output,
    identity: tableIdentity(plan.table, plan.alias),
    // A shared table's rows are read once, at the start.
    isStateful: !isPartitioned(plan.table),
    start(run, push) {
      const { frame } = run;
      const pick = (version: RowVersion | undefined): Row | undefined => {
        if (version === undefined) return undefined;
        const row = read(version, frame.cx.actingUser);
        return filter === undefined || filter(row, frame) ? row : undefined;
      };
      run.attach(source, (id, old, now) => {
        const before = pick(old);
        const after = pick(now);
        if (before === undefined ? after !== undefined : after === undefined || !isSame(before, after)) push(id, before, after);
      });
    },
  };
}

/** Of what the query reads nothing has changed. Values that are objects are taken for changed. */
function isSame(before: Row, after: Row): boolean {
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) return false;
  return true;
}

function compileVersionReader({ columns, table }: PlanTableScan): (version: RowVersion, user: string) => Row {
  if (columns.length === table.columns.length && columns.every((column, i) => 'number' in column && column.number === i + 1)) {
    return (version) => version.values;
  }
  const readers = columns.map((column): ((version: RowVersion, user: string) => SqlValue) => {
    if ('number' in column) {
      const at = column.number - 1;
      return (version) => version.values[at] ?? null;
    }
    switch (column.system) {
      case '_seq':
        return (version) => version.seq;
      case '_updated':
        return (version) => version.updatedMicros;
      case '_deleted':
        return () => false;
      case '_user_id':
        return (_version, user) => user;
      case 'tableoid':
        return () => table.oid;
      default:
        return () => null;
    }
  });
  return (version, user) => readers.map((reader) => reader(version, user));
}
