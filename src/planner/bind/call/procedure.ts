import { type BuiltinProc, formatSignature, functionError, resolveFunction } from '../../../catalog/builtin/index.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ExprCall } from '../../parse/ast.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundCall, BoundExpr } from '../expression.js';
import type { RequiredPrivilege, ResultColumn } from '../logical.js';
import type { Scope } from '../scope/scope.js';
import { privilegesOf } from '../state.js';
import { bindArguments, completeArguments, procsNamed, writtenName } from './function.js';
import { makeCall } from './make-call.js';

/** A CALL whose procedure and types are known. */
export interface BoundProcedureCall {
  /** With the input arguments alone. */
  readonly call: BoundCall;
  /** The OUT and INOUT parameters: the columns of the one row that comes back. */
  readonly columns: readonly ResultColumn[];
  /** For each column the argument that was written in its place, whose value nobody reads; -1: none, its default was taken. */
  readonly outputs: readonly number[];
  readonly privileges: readonly RequiredPrivilege[];
  readonly paramTypes: readonly Oid[];
}

/** CALL name(args): OUT parameters have a place among the arguments. @throws SqlError 42883, 42725, 42809 */
export function bindProcedureCall(scope: Scope, node: ExprCall): BoundProcedureCall {
  const { state } = scope;
  const location = locationOf(node);
  const procs = procsNamed(scope, node.function, location);
  const { args, names } = bindArguments(scope, node);
  const call = {
    argTypes: args.map((arg) => arg.type),
    ...(names.length === 0 ? {} : { argNames: names }),
    ...(node.variadic === true ? { variadic: true } : {}),
  };
  const typeName = (oid: Oid): string => state.typeName(oid);
  const written = writtenName(node.function);
  const found = resolveFunction(state.types, procs.map(withOutputs), call);
  if (found.kind === 'cast') throw errorAt(SqlState.undefinedFunction, `procedure ${written} does not exist`, location);
  if (found.kind !== 'function') throw functionError(found, written, call, typeName, location, 'procedure');
  if (found.proc.kind !== 'p') {
    const shown = formatSignature(written, call.argTypes, call.argNames, typeName);
    throw errorAt(SqlState.wrongObjectType, `${shown} is not a procedure`, location, { hint: 'To call a function, use SELECT.' });
  }
  const { proc } = found;
  const own = state.procByOid(proc.oid) ?? proc;
  const complete = completeArguments(scope, found, args);
  const modes = own.argModes;
  const inputs: BoundExpr[] = [];
  const columns: ResultColumn[] = [];
  const outputs: number[] = [];
  complete.forEach((arg, i) => {
    const mode = modes?.[i] ?? 'i';
    if (mode !== 'o') inputs.push(arg);
    if (mode !== 'o' && mode !== 'b') return;
    const type = found.order === undefined ? (found.argTypes[i] ?? arg.type) : (own.allArgTypes?.[i] ?? arg.type);
    const name = own.argNames?.[i] || `column${columns.length + 1}`;
    columns.push({ id: state.newColumn(), name, type: arg.type === type ? type : arg.type, typmod: -1, tableOid: 0, columnNumber: 0 });
    outputs.push(found.order === undefined ? i : (found.order[i] ?? -1));
  });
  const bound = makeCall(state, own, inputs, found.returnType, location);
  return {
    call: columns.length === 0 ? bound : { ...bound, rowColumns: columns.map(({ name, type, typmod }) => ({ name, type, typmod })) },
    columns,
    outputs,
    privileges: privilegesOf(state.privileges),
    paramTypes: state.parameters.finish(),
  };
}

/** A procedure as its calls see it: all parameters count. */
function withOutputs(proc: BuiltinProc): BuiltinProc {
  if (proc.kind !== 'p' || proc.argModes === undefined || proc.allArgTypes === undefined) return proc;
  return { ...proc, argTypes: proc.allArgTypes, argModes: undefined };
}
