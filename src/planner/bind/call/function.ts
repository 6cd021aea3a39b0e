import {
  type BuiltinProc,
  type FunctionCall,
  type FunctionResolution,
  formatSignature,
  functionError,
  resolveFunction,
} from '../../../catalog/builtin/index.js';
import { aggregateByProc, procsNamed as allNamed } from '../../../catalog/made-routines.js';
import { rangeConstructors } from '../../../catalog/range-constructors.js';
import { assert } from '../../../commons/assert.js';
import { FIRST_USER_OID, type Oid } from '../../../commons/ids.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { SchemaName } from '../../../commons/system-names.js';
import { TypeOid } from '../../../types/oids.js';
import type { ExprCall, QName } from '../../parse/ast.js';
import { selectField } from '../bind-expression/fields.js';
import { coerceArgument, coerceExplicitly } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { requireSchemaUsage } from '../from/relation.js';
import { outputFields } from '../row-type.js';
import { refuseOtherDatabase } from '../scope/columns.js';
import type { Scope } from '../scope/scope.js';
import { startOf } from '../tree/walk.js';
import { typeNamed } from '../type-name.js';
import { bindAggregate, closeProbe, openProbe } from './aggregate.js';
import { defaultArgument } from './default-argument.js';
import { inlineCall } from './inline-function.js';
import { makeCall } from './make-call.js';
import { bindOrderedSet } from './ordered-set.js';
import { noteSetFunction } from './set-function.js';
import { bindWindowCall } from './window.js';

type Resolved = Extract<FunctionResolution, { kind: 'function' }>;

/** name(args): a function, an aggregate, or a cast that is written like a call. @throws SqlError 42883, 42725, 42809 … */
export function bindCall(scope: Scope, node: ExprCall): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  const procs = procsNamed(scope, node.function, location);
  const probe = procs.some((proc) => proc.kind === 'a') ? openProbe(scope) : undefined;
  const bound = bindArguments(scope, node);
  const { names } = bound;
  const args = names.length > 0 ? bound.args : bound.args.filter((arg) => !isOutParameter(arg));
  if (node.withinGroup === true) for (const order of node.orderBy ?? []) args.push(scope.bind(order.by));
  const { schema } = node.function;
  // Only now, since an error in the arguments comes first.
  if (schema !== undefined && schema !== SchemaName.temporary && state.catalog.schema(schema) === undefined) {
    throw errorAt(SqlState.invalidSchemaName, `schema "${schema}" does not exist`, location);
  }
  if (schema !== undefined && schema !== SchemaName.pgCatalog) requireSchemaUsage(scope, schema, location);
  const namedType = args.length === 1 ? typeNamed(state, scope.searchPath, schema, node.function.name) : undefined;
  const call: FunctionCall = {
    argTypes: args.map((arg) => arg.type),
    ...(names.length === 0 ? {} : { argNames: names }),
    ...(node.variadic === true ? { variadic: true } : {}),
    ...(namedType === undefined || !isPlain(node) ? {} : { namedType }),
  };
  const found = resolveFunction(state.types, procs, call);
  const isAggregate = found.kind === 'function' && found.proc.kind === 'a' && node.over === undefined;
  if (probe !== undefined && !isAggregate) closeProbe(scope);
  if (found.kind === 'cast') {
    const [arg] = args;
    assert(arg !== undefined, 'a cast has an argument');
    return coerceExplicitly(state, arg, { type: found.type, typmod: -1 }, location);
  }
  const written = writtenName(node.function);
  const typeName = (oid: Oid) => state.typeName(oid);
  const signatureOf = () => formatSignature(written, call.argTypes, call.argNames, typeName);
  if (found.kind !== 'function') {
    const column = isPlain(node) ? columnNamed(scope, args, node.function, location) : undefined;
    if (column !== undefined) return column;
    const last = args.at(-1);
    if (found.kind === 'undefined' && node.orderBy !== undefined && node.orderBy.length > 1 && node.withinGroup !== true) {
      throw errorAt(SqlState.undefinedFunction, `function ${signatureOf()} does not exist`, location, {
        hint: 'No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; ORDER BY must appear after all regular arguments of the aggregate.',
      });
    }
    const position = found.kind === 'variadic' && last !== undefined ? startOf(last) : location;
    throw functionError(found, written, call, typeName, position);
  }
  const { proc } = found;
  const isOrderedSet = proc.kind === 'a' && (aggregateByProc(state.catalog, proc.oid)?.kind ?? 'n') !== 'n';
  if (node.withinGroup === true && !isOrderedSet) throw refuseWithinGroup(proc, written, location);
  if (isOrderedSet) {
    const settled = completeArguments(scope, found, args);
    return bindOrderedSet(scope, node, proc, settled, call, found.returnType, written, probe ?? openProbe(scope));
  }
  if (node.over !== undefined && (proc.kind === 'a' || proc.kind === 'w')) {
    return bindWindowCall(scope, node, node.over, proc, completeArguments(scope, found, args), found.returnType, written);
  }
  switch (found.proc.kind) {
    case 'p':
      throw errorAt(SqlState.wrongObjectType, `${signatureOf()} is a procedure`, location, { hint: 'To call a procedure, use CALL.' });
    case 'w':
      throw errorAt(SqlState.wrongObjectType, `window function ${written} requires an OVER clause`, location);
    case 'a':
      assert(probe !== undefined, 'an aggregate was expected');
      return bindAggregate(scope, node, found.proc, completeArguments(scope, found, args), found.returnType, probe);
    case 'f':
      if (node.over !== undefined) {
        const message = `OVER specified, but ${written} is not a window function nor an aggregate function`;
        throw errorAt(SqlState.wrongObjectType, message, location);
      }
      refuseAggregateSyntax(node, written, location);
      return asWritten(scope, node, found, args, plainCall(scope, found, args, node.variadic === true, location));
  }
}

/** As PostgreSQL has it for JDBC, which sends a parameter of type void in the place of each OUT parameter. */
function isOutParameter({ kind, type }: BoundExpr): boolean {
  return type === TypeOid.void && kind === 'param';
}

/** The arguments as written, and the names of the last ones. @throws SqlError 42601 */
export function bindArguments(scope: Scope, node: ExprCall): { readonly args: BoundExpr[]; readonly names: readonly string[] } {
  const names: string[] = [];
  const args = node.args.map((arg) => {
    if (arg.type !== 'named argument') {
      if (names.length > 0) throw errorAt(SqlState.syntaxError, 'positional argument cannot follow named argument', locationOf(arg));
      return scope.bind(arg);
    }
    if (names.includes(arg.name)) {
      throw errorAt(SqlState.syntaxError, `argument name "${arg.name}" used more than once`, locationOf(arg));
    }
    names.push(arg.name);
    return scope.bind(arg.value);
  });
  return { args, names };
}

/** name(row) is the column of a row where there is no such function. */
function columnNamed(scope: Scope, args: readonly BoundExpr[], name: QName, location: number | undefined): BoundExpr | undefined {
  const [row, second] = args;
  if (row === undefined || second !== undefined || name.schema !== undefined) return undefined;
  const fields = outputFields(scope.state, row);
  const index = fields?.findIndex((field) => field.name === name.name) ?? -1;
  const field = fields?.[index];
  return field === undefined ? undefined : selectField(row, field, index, location);
}

function refuseWithinGroup(proc: BuiltinProc, written: string, location: number | undefined) {
  const message =
    proc.kind === 'a'
      ? `${written} is not an ordered-set aggregate, so it cannot have WITHIN GROUP`
      : `WITHIN GROUP specified, but ${written} is not an aggregate function`;
  return errorAt(SqlState.wrongObjectType, message, location);
}

function isPlain(node: ExprCall): boolean {
  return node.star !== true && node.distinct !== true && node.orderBy === undefined && node.filter === undefined && node.variadic !== true;
}

export function writtenName(name: QName): string {
  return name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
}

/** All functions of the name, in the order in which the search path shows them. */
export function procsNamed(scope: Scope, name: QName, location: number | undefined): readonly BuiltinProc[] {
  const { catalog } = scope.state;
  refuseOtherDatabase(scope, name, location, null);
  if (name.schema !== undefined) {
    const schema = name.schema === SchemaName.temporary ? catalog.tempSchema : catalog.schema(name.schema);
    return schema === undefined ? [] : [...allNamed(catalog, schema.oid, name.name), ...rangeConstructors(catalog, schema.oid, name.name)];
  }
  let found: readonly BuiltinProc[] = [];
  for (const schema of scope.searchPath) {
    // A function in pg_temp is called by its whole name: nobody must be able to put one in another's way.
    if (schema === catalog.tempSchema?.oid) continue;
    const known = allNamed(catalog, schema, name.name);
    const here = known.length > 0 ? known : rangeConstructors(catalog, schema, name.name);
    if (here.length > 0) found = found.length === 0 ? here : [...found, ...here];
  }
  return found;
}

/** What only aggregates may have. @throws SqlError 42809 */
function refuseAggregateSyntax(node: ExprCall, name: string, location: number | undefined): void {
  const refuse = (what: string) =>
    errorAt(SqlState.wrongObjectType, `${what} specified, but ${name} is not an aggregate function`, location);
  if (node.star === true) throw refuse(`${name}(*)`);
  if (node.distinct === true) throw refuse('DISTINCT');
  if (node.orderBy !== undefined) throw refuse('ORDER BY');
  if (node.filter !== undefined) throw refuse('FILTER');
}

function plainCall(scope: Scope, found: Resolved, args: readonly BoundExpr[], variadic: boolean, location: number | undefined): BoundExpr {
  const { state } = scope;
  const { proc } = found;
  const complete = completeArguments(scope, found, args);
  const call = makeCall(state, proc, complete, found.returnType, location);
  if (proc.oid >= FIRST_USER_OID) {
    const inlined = inlineCall(scope, proc, complete, found.returnType);
    if (inlined !== undefined) return inlined;
  }
  if (proc.returnsSet || (proc.oid >= FIRST_USER_OID && found.returnType === TypeOid.record)) {
    if (proc.returnsSet) noteSetFunction(scope, location);
    const rowColumns = outputFields(state, call);
    if (rowColumns !== undefined) return { ...call, rowColumns };
  }
  return variadic && proc.variadic === TypeOid.any ? { ...call, variadicArray: true } : call;
}

/** How the call is printed: by its keywords, names and without what defaults have filled in. */
function asWritten(scope: Scope, node: ExprCall, found: Resolved, args: readonly BoundExpr[], call: BoundExpr): BoundExpr {
  if (!scope.state.keepsShapes || call.kind !== 'call') return call;
  const special = node.sqlSyntax === true ? { sqlSyntax: true as const } : {};
  if (found.order === undefined) return node.sqlSyntax === true ? { ...call, ...special } : call;
  const written = args.map((arg, i) => {
    const argument = node.args[i];
    const coerced = coerceArgument(scope.state, arg, found.argTypes[i] ?? TypeOid.any);
    return argument?.type === 'named argument' ? { arg: coerced, name: argument.name } : { arg: coerced };
  });
  return { ...call, ...special, written };
}

/** Arguments in the order of the parameters, cast, with defaults filled in and variadic ones gathered. */
export function completeArguments(scope: Scope, found: Resolved, args: readonly BoundExpr[]): readonly BoundExpr[] {
  const { state } = scope;
  const coerced = args.map((arg, i) => coerceArgument(state, arg, found.argTypes[i] ?? TypeOid.any));
  let complete: BoundExpr[] = coerced;
  if (found.order !== undefined) {
    complete = found.order.map((position, parameter) => {
      const given = coerced[position];
      return position >= 0 && given !== undefined ? given : defaultArgument(scope, found.proc, found.defaulted, parameter);
    });
  }
  if (found.variadicCount === 0) return complete;
  const elements = complete.splice(complete.length - found.variadicCount);
  complete.push({ kind: 'array', elements, nested: false, type: found.variadicArray, typmod: -1 });
  return complete;
}
