import type { OperatorClassDescriptor } from '../../../catalog/descriptors.js';
import { operatorsNamed } from '../../../catalog/made-routines.js';
import { isSuperuser } from '../../../catalog/privileges.js';
import type { Oid } from '../../../commons/ids.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { OperatorRef, QName } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, creationSchema, nameText } from '../names.js';
import { notice } from '../notices.js';
import { temporaryIn } from '../types/find.js';
import { findProc, searched, shownType, typeOfRef } from './find.js';

/** Methods whose classes tell more than which operators are an order or an equality. */
const METHODS: ReadonlySet<string> = new Set(['btree', 'hash']);

function methodNamed(name: string, cx: UtilityContext): Oid {
  const method = catalogOf(cx)
    .builtin.accessMethods()
    .find((candidate) => candidate.name === name);
  if (method === undefined) throw new SqlError(SqlState.undefinedObject, `access method "${name}" does not exist`);
  if (!METHODS.has(name)) throw notSupported(`an operator class for access method ${name}`);
  return method.oid;
}

/** CREATE OPERATOR CLASS: which operators of a type are its equality and order. @throws SqlError 42501, 42710, 42883, 42P17 */
export async function createOperatorClass(
  statement: UtilityStatement<'create operator class'>,
  cx: UtilityContext,
): Promise<UtilityResult> {
  const schema = creationSchema(statement.name, false, cx);
  const method = methodNamed(statement.method, cx);
  if (!isSuperuser(catalogOf(cx), cx.session.currentRole))
    throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to create an operator class');
  const type = typeOfRef(statement.dataType, cx);
  const { name } = statement.name;
  const known = [...catalogOf(cx).operatorClasses()];
  if (known.some((other) => other.schema === schema.oid && other.method === method && other.name === name)) {
    throw new SqlError(SqlState.duplicateObject, `operator class "${name}" for access method "${statement.method}" already exists`);
  }
  const isDefault = statement.isDefault === true;
  const rival = isDefault ? defaultOf(type, method, known, cx) : undefined;
  if (rival !== undefined) {
    throw new SqlError(SqlState.duplicateObject, `could not make operator class "${name}" be default for type ${shownType(type, cx)}`, {
      detail: `Operator class "${rival}" already is the default.`,
    });
  }
  const operators: OperatorClassDescriptor['operators'][number][] = [];
  const functions: OperatorClassDescriptor['functions'][number][] = [];
  for (const item of statement.items) {
    if (item.kind === 'operator') operators.push({ strategy: item.number, operator: operatorOf(item.operator, type, cx) });
    else if (item.kind === 'function') {
      const proc = findProc(item.routine, 'function', cx);
      if (proc === undefined) throw new SqlError(SqlState.undefinedFunction, `function ${nameText(item.routine.name)} does not exist`);
      functions.push({ support: item.number, routine: proc.oid });
    }
  }
  cx.session.catalog.put(cx.transaction, {
    kind: 'operator class',
    oid: cx.session.catalog.allocateOid(),
    name,
    owner: cx.session.currentRole,
    schema: schema.oid,
    ...temporaryIn(schema, cx),
    method,
    type,
    isDefault,
    operators,
    functions,
  });
  return { tag: 'CREATE OPERATOR CLASS' };
}

function defaultOf(type: Oid, method: Oid, known: readonly OperatorClassDescriptor[], cx: UtilityContext): string | undefined {
  const builtin = catalogOf(cx)
    .builtin.defaultOpclasses(method)
    .find((opclass) => opclass.inputType === type);
  return builtin?.name ?? known.find((other) => other.isDefault && other.type === type && other.method === method)?.name;
}

/** @throws SqlError 42883 */
function operatorOf({ name, left, right }: OperatorRef, type: Oid, cx: UtilityContext): Oid {
  const leftType = left === undefined ? type : typeOfRef(left, cx);
  const rightType = right === undefined ? type : typeOfRef(right, cx);
  const found = operatorsNamed(catalogOf(cx), searched(name, cx), name.name).find(
    (operator) => operator.left === leftType && operator.right === rightType,
  );
  if (found !== undefined) return found.oid;
  throw new SqlError(
    SqlState.undefinedFunction,
    `operator does not exist: ${shownType(leftType, cx)} ${name.name} ${shownType(rightType, cx)}`,
  );
}

/** @throws SqlError 42704 */
export async function dropOperatorClasses(statement: UtilityStatement<'drop operator class'>, cx: UtilityContext): Promise<UtilityResult> {
  for (const { method: methodName, name } of statement.classes) {
    const method = methodNamed(methodName, cx);
    const found = findClass(name, method, cx);
    if (found !== undefined) {
      cx.session.catalog.remove(cx.transaction, 'operator class', found.oid);
      continue;
    }
    const message = `operator class "${nameText(name)}" does not exist for access method "${methodName}"`;
    if (statement.ifExists !== true) throw new SqlError(SqlState.undefinedObject, message);
    notice(cx, `${message}, skipping`);
  }
  return { tag: 'DROP OPERATOR CLASS' };
}

function findClass(name: QName, method: Oid, cx: UtilityContext): OperatorClassDescriptor | undefined {
  const known = [...catalogOf(cx).operatorClasses()].filter((other) => other.name === name.name && other.method === method);
  for (const schema of searched(name, cx)) {
    const found = known.find((other) => other.schema === schema);
    if (found !== undefined) return found;
  }
  return undefined;
}
