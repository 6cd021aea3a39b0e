import type { BuiltinOperator, BuiltinProc } from '../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { IsVisible } from '../catalog/definitions/index.js';
import { quoteIdentifier, schemaName, typeName } from '../catalog/definitions/index.js';
import { operatorByOid, operatorsNamed, procByOid, procsNamed } from '../catalog/made-routines.js';
import { rangeConstructors } from '../catalog/range-constructors.js';
import type { Oid } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { parseQualifiedName } from './qualified-name.js';

/** What names of functions and operators are looked up in. */
interface Surroundings {
  readonly catalog: CatalogSnapshot;
  /** Oids of the schemas in which bare names are looked for, in order. */
  readonly path: readonly Oid[];
  readonly isVisible: IsVisible;
  readonly typeOid: (text: string) => number;
}

/** regproc: the bare name where it leads to this function alone. */
export function functionName(oid: Oid, { catalog, path }: Surroundings): string | undefined {
  const proc = procByOid(catalog, oid);
  if (proc === undefined) return undefined;
  const rivals = path.flatMap((schema) => procsNamed(catalog, schema, proc.name));
  return rivals.length === 1 && rivals[0]?.oid === oid ? quoteIdentifier(proc.name) : qualified(catalog, proc);
}

/** regprocedure: `f(integer)`, with its schema where the path leads to another function or to none. */
export function signature(oid: Oid, around: Surroundings): string | undefined {
  const { catalog, path, isVisible } = around;
  const proc = procByOid(catalog, oid);
  if (proc === undefined) return undefined;
  const named = (schema: Oid) => [...procsNamed(catalog, schema, proc.name), ...rangeConstructors(catalog, schema, proc.name)];
  const found = path.flatMap(named).find((other) => sameList(other.argTypes, proc.argTypes));
  const name = found?.oid === oid ? quoteIdentifier(proc.name) : qualified(catalog, proc);
  return `${name}(${proc.argTypes.map((type) => typeName(catalog, type, null, isVisible)).join(',')})`;
}

export function operatorName(oid: Oid, { catalog, path }: Surroundings): string | undefined {
  const operator = operatorByOid(catalog, oid);
  if (operator === undefined) return undefined;
  const rivals = inPath(operatorsNamed(catalog, path, operator.name), path);
  return rivals.length === 1 ? operator.name : qualifiedOperator(catalog, operator);
}

export function operatorSignature(oid: Oid, { catalog, path, isVisible }: Surroundings): string | undefined {
  const operator = operatorByOid(catalog, oid);
  if (operator === undefined) return undefined;
  const found = inPath(operatorsNamed(catalog, path, operator.name), path).find((other) => sameSides(other, operator));
  const name = found?.oid === oid ? operator.name : qualifiedOperator(catalog, operator);
  const sides = [operator.left, operator.right].map((type) => (type === 0 ? 'NONE' : typeName(catalog, type, null, isVisible)));
  return `${name}(${sides.join(',')})`;
}

/** @throws SqlError 42883, 42725, 3F000 */
export function functionOid(text: string, around: Surroundings): Oid {
  const [first, second] = functionsNamed(text, around);
  if (first === undefined) throw new SqlError(SqlState.undefinedFunction, `function "${text}" does not exist`);
  if (second !== undefined) throw new SqlError(SqlState.ambiguousFunction, `more than one function named "${text}"`);
  return first.oid;
}

/** @throws SqlError 42883, 22P02, 3F000 */
export function procedureOid(text: string, around: Surroundings): Oid {
  const { name, types } = signatureIn(text, around);
  const found = functionsNamed(name, around).find((proc) => sameList(proc.argTypes, types));
  if (found === undefined) throw new SqlError(SqlState.undefinedFunction, `function "${text}" does not exist`);
  return found.oid;
}

/** @throws SqlError 42883, 42725, 3F000 */
export function operatorOid(text: string, around: Surroundings): Oid {
  const [first, second] = operatorsIn(text, around);
  if (first === undefined) throw new SqlError(SqlState.undefinedFunction, `operator does not exist: ${text}`);
  if (second !== undefined) throw new SqlError(SqlState.ambiguousFunction, `more than one operator named ${text}`);
  return first.oid;
}

/** @throws SqlError 42883, 22P02, 3F000 */
export function operatorOfSignature(text: string, around: Surroundings): Oid {
  const { name, types } = signatureIn(text, around);
  const [left = 0, right = 0] = types;
  const found = operatorsIn(name.trim(), around).find((operator) => operator.left === left && operator.right === right);
  if (found === undefined) throw new SqlError(SqlState.undefinedFunction, `operator does not exist: ${text}`);
  return found.oid;
}

function functionsNamed(text: string, { catalog, path }: Surroundings): readonly BuiltinProc[] {
  const [name = '', schema] = parseQualifiedName(text).toReversed();
  const schemas = schema === undefined ? path : [schemaOid(schema, catalog)];
  return schemas.flatMap((oid) => procsNamed(catalog, oid, name));
}

/** An operator's symbol may have a schema and a dot in front. */
function operatorsIn(text: string, { catalog, path }: Surroundings): readonly BuiltinOperator[] {
  const match = /^(.*)\.([^.\s]+)$/s.exec(text.trim());
  const symbol = match?.[2] ?? text.trim();
  if (match === null) return inPath(operatorsNamed(catalog, path, symbol), path);
  const schema = schemaOid(parseQualifiedName(match[1] ?? '').at(-1) ?? '', catalog);
  return inPath(operatorsNamed(catalog, [schema], symbol), [schema]);
}

function schemaOid(name: string, catalog: CatalogSnapshot): Oid {
  const schema = catalog.schema(name);
  if (schema === undefined) throw new SqlError(SqlState.invalidSchemaName, `schema "${name}" does not exist`);
  return schema.oid;
}

/** `name(type, type)`; NONE stands for no left operand. @throws SqlError 22P02 */
function signatureIn(text: string, { typeOid }: Surroundings): { readonly name: string; readonly types: readonly number[] } {
  const match = /^([^(]+)\((.*)\)\s*$/s.exec(text);
  if (match === null) throw new SqlError(SqlState.invalidTextRepresentation, 'expected a left parenthesis');
  const [, name = '', list = ''] = match;
  const types = list.trim() === '' ? [] : list.split(',').map((type) => (/^\s*none\s*$/i.test(type) ? 0 : typeOid(type)));
  return { name: name.trim(), types };
}

function inPath(operators: readonly BuiltinOperator[], path: readonly Oid[]): readonly BuiltinOperator[] {
  return path.flatMap((schema) => operators.filter(({ namespace }) => namespace === schema));
}

function sameSides(a: BuiltinOperator, b: BuiltinOperator): boolean {
  return a.left === b.left && a.right === b.right;
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function qualified(catalog: CatalogSnapshot, { namespace, name }: BuiltinProc): string {
  return `${quoteIdentifier(schemaName(catalog, namespace))}.${quoteIdentifier(name)}`;
}

function qualifiedOperator(catalog: CatalogSnapshot, { namespace, name }: BuiltinOperator): string {
  return `${quoteIdentifier(schemaName(catalog, namespace))}.${name}`;
}
