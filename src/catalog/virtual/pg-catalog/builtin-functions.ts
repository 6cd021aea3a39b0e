import { RoleOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import type { BuiltinAggregate, BuiltinCast, BuiltinCatalog, BuiltinOperator, BuiltinProc } from '../../builtin/index.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type { RoutineDescriptor } from '../../descriptors.js';
import { aggregateRecord, castRecord, operatorRecord, routineProc } from '../../made-routines.js';
import { numberedConstructors } from '../../range-constructors.js';
import { CatalogOid } from '../class-oids.js';
import type { Providers, VirtualScan } from '../scan.js';
import { aclFromText, aclValue, array, optionsValue, vector, withChangedAcls } from '../values.js';

/** Functions, aggregates, operators and casts: the built-in ones, then users'. */
export const FUNCTION_PROVIDERS: Providers = {
  'pg_catalog.pg_proc': procs,
  'pg_catalog.pg_aggregate': aggregates,
  'pg_catalog.pg_operator': operators,
  'pg_catalog.pg_cast': casts,
};

function* procs(scan: VirtualScan): Iterable<Row> {
  const rows = scan.builtinRows.matching(scan, (builtin) => owned(builtin, builtin.procs().map(procRow), OWNER), ['oid', 'proname']);
  yield* withChangedAcls(scan.catalog, CatalogOid.pgProc, rows, PROC_ACL);
  const { catalog } = scan;
  const oid = scan.number('oid');
  const name = scan.text('proname');
  for (const routine of oid === undefined ? catalog.routines() : present(catalog.routine(oid))) {
    if (name === undefined || routine.name === name) yield routineRow(catalog, routine);
  }
  for (const { range, proc } of numberedConstructors(catalog)) yield ownedRow(procRow(proc), range.owner);
}

function ownedRow(row: Row, owner: number): Row {
  row[OWNER] = owner;
  return row;
}

function present<T>(object: T | undefined): readonly T[] {
  return object === undefined ? [] : [object];
}

function* aggregates(scan: VirtualScan): Iterable<Row> {
  yield* scan.builtinRows.matching(scan, (builtin) => builtin.aggregates().map(aggregateRow), ['aggfnoid']);
  for (const { oid, aggregate } of scan.catalog.routines())
    if (aggregate !== undefined) yield aggregateRow(aggregateRecord(oid, aggregate));
}

function* operators(scan: VirtualScan): Iterable<Row> {
  yield* scan.builtinRows.matching(scan, (builtin) => owned(builtin, builtin.operators().map(operatorRow), OWNER), ['oid', 'oprname']);
  for (const operator of scan.catalog.operators()) {
    const row = operatorRow(operatorRecord(operator));
    row[3] = operator.owner;
    yield row;
  }
}

function* casts(scan: VirtualScan): Iterable<Row> {
  yield* scan.builtinRows.matching(scan, (builtin) => builtin.casts().map(castRow), ['oid', 'castsource', 'casttarget']);
  for (const cast of scan.catalog.casts()) yield castRow(castRecord(cast));
}

/** Objects of extensions are their creators'. */
function owned(builtin: BuiltinCatalog, rows: readonly Row[], column: number): Row[] {
  return rows.map((row) => {
    const [oid] = row;
    const owner = typeof oid === 'number' ? builtin.ownerOf(oid) : undefined;
    return owner === undefined ? row : [...row.slice(0, column), owner, ...row.slice(column + 1)];
  });
}

/** Where pg_proc and pg_operator have what only users' own have. */
const OWNER = 3;
const SOURCE = 25;
const PROC_ACL = 29;

function routineRow(catalog: CatalogSnapshot, routine: RoutineDescriptor): Row {
  const row = procRow(routineProc(catalog, routine));
  row[OWNER] = routine.owner;
  row.splice(
    SOURCE,
    5,
    routine.source,
    routine.library ?? null,
    routine.body ?? null,
    optionsValue(routine.settings),
    aclValue(catalog, routine.acl),
  );
  return row;
}

function procRow(proc: BuiltinProc): Row {
  return [
    proc.oid,
    proc.name,
    proc.namespace,
    RoleOid.postgres,
    proc.language,
    proc.cost,
    proc.rows,
    proc.variadic,
    proc.support,
    proc.kind,
    proc.securityDefiner,
    proc.leakproof,
    proc.strict,
    proc.returnsSet,
    proc.volatility,
    proc.parallel,
    proc.argTypes.length,
    proc.defaults,
    proc.returnType,
    vector(proc.argTypes),
    proc.allArgTypes === undefined ? null : array(proc.allArgTypes),
    proc.argModes === undefined ? null : array(proc.argModes),
    proc.argNames === undefined ? null : array(proc.argNames),
    proc.defaultTexts.length === 0 ? null : proc.defaultTexts.join(', '),
    null, // protrftypes
    proc.source,
    null, // probin
    null, // prosqlbody
    null, // proconfig
    aclFromText(proc.acl),
  ];
}

function aggregateRow(aggregate: BuiltinAggregate): Row {
  return [
    aggregate.proc,
    aggregate.kind,
    aggregate.numDirectArgs,
    aggregate.transitionFunction,
    aggregate.finalFunction,
    aggregate.combineFunction,
    aggregate.serialFunction,
    aggregate.deserialFunction,
    aggregate.movingTransitionFunction,
    aggregate.movingInverseFunction,
    aggregate.movingFinalFunction,
    aggregate.finalExtra,
    aggregate.movingFinalExtra,
    aggregate.finalModify,
    aggregate.movingFinalModify,
    aggregate.sortOperator,
    aggregate.transitionType,
    aggregate.transitionSpace,
    aggregate.movingTransitionType,
    aggregate.movingTransitionSpace,
    aggregate.initialValue ?? null,
    aggregate.movingInitialValue ?? null,
  ];
}

function operatorRow(operator: BuiltinOperator): Row {
  return [
    operator.oid,
    operator.name,
    operator.namespace,
    RoleOid.postgres,
    operator.kind,
    operator.canMerge,
    operator.canHash,
    operator.left,
    operator.right,
    operator.result,
    operator.commutator,
    operator.negator,
    operator.proc,
    operator.restrict,
    operator.join,
  ];
}

function castRow(cast: BuiltinCast): Row {
  return [cast.oid, cast.source, cast.target, cast.func, cast.context, cast.method];
}
