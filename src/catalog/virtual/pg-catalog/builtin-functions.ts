import { RoleOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import type { BuiltinAggregate, BuiltinCast, BuiltinOperator, BuiltinProc } from '../../builtin/index.js';
import type { Providers } from '../scan.js';
import { aclFromText, array, vector } from '../values.js';

/** Functions, aggregates, operators and casts: all of them built in. */
export const FUNCTION_PROVIDERS: Providers = {
  'pg_catalog.pg_proc': (scan) => scan.builtinRows.matching(scan, (builtin) => builtin.procs().map(procRow), ['oid', 'proname']),
  'pg_catalog.pg_aggregate': (scan) => scan.builtinRows.matching(scan, (builtin) => builtin.aggregates().map(aggregateRow), ['aggfnoid']),
  'pg_catalog.pg_operator': (scan) =>
    scan.builtinRows.matching(scan, (builtin) => builtin.operators().map(operatorRow), ['oid', 'oprname']),
  'pg_catalog.pg_cast': (scan) =>
    scan.builtinRows.matching(scan, (builtin) => builtin.casts().map(castRow), ['oid', 'castsource', 'casttarget']),
};

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
