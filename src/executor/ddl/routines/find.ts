import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import { typeName } from '../../../catalog/definitions/type-name.js';
import { Privilege, type RoutineDescriptor } from '../../../catalog/descriptors.js';
import { procsNamed } from '../../../catalog/made-routines.js';
import { typeOidNamed } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { SchemaName } from '../../../commons/system-names.js';
import type { DataTypeDef, QName, RoutineRef, RoutineWord } from '../../../planner/parse/ast.js';
import { checkPrivileges } from '../../privileges.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findSchema, nameText, ownedBy } from '../names.js';
import { dataType } from '../scalar.js';

/** Looking up routines by name and argument types, and how errors call them. */

/** As errors print a type: with its schema where search_path does not lead to it. */
export function shownType(oid: Oid, cx: UtilityContext): string {
  const catalog = catalogOf(cx);
  return typeName(catalog, oid, null, ({ name, schema }) => {
    for (const searched of cx.planner.searchPath) {
      if (typeOidNamed(catalog, searched, name) !== undefined) return searched === schema;
    }
    return false;
  });
}

/** `f(integer, text)` */
export function signature(name: string, types: readonly Oid[], cx: UtilityContext): string {
  return `${name}(${types.map((type) => shownType(type, cx)).join(', ')})`;
}

/** Schemas to be searched for an object of that name. */
export function searched(name: QName, cx: UtilityContext): readonly Oid[] {
  const catalog = catalogOf(cx);
  if (name.schema !== undefined) {
    const schema = name.schema === SchemaName.temporary ? catalog.tempSchema : findSchema(name.schema, cx);
    return schema === undefined ? [] : [schema.oid];
  }
  return cx.planner.searchPath;
}

/** A type of a signature; NONE and what is not there: undefined. */
export function typeOfRef(def: DataTypeDef, cx: UtilityContext): Oid {
  const { setof: _setof, ...plain } = def;
  return dataType(plain, cx).type;
}

const FORM_WORDS = { function: 'function', window: 'function', procedure: 'procedure', aggregate: 'aggregate' } as const;
const KIND_WORDS = { f: 'function', w: 'function', p: 'procedure', a: 'aggregate' } as const;

export function formWord(routine: RoutineDescriptor): string {
  return FORM_WORDS[routine.form];
}

/** A routine that is named in a statement, of PostgreSQL's own too. @throws SqlError 42883, 42725, 42809 */
export function findProc(ref: RoutineRef, word: RoutineWord, cx: UtilityContext, missingOk = false): BuiltinProc | undefined {
  const types = ref.arguments === undefined ? undefined : argumentTypes(ref, cx);
  const found = candidates(ref, types, word, cx);
  const [only] = found;
  if (only === undefined) {
    if (missingOk) return undefined;
    throw missing(ref, types, word, cx);
  }
  if (found.length > 1 && types === undefined) {
    const what = word === 'routine' ? 'routine' : word;
    throw new SqlError(SqlState.ambiguousFunction, `${what} name "${nameText(ref.name)}" is not unique`, {
      hint: `Specify the argument list to select the ${what} unambiguously.`,
    });
  }
  requireWord(only, ref, word, cx);
  return only;
}

function argumentTypes(ref: RoutineRef, cx: UtilityContext): { readonly inputs: readonly Oid[]; readonly all: readonly Oid[] } {
  const args = (ref.arguments ?? []).map(({ mode, dataType: def }) => ({ mode, type: typeOfRef(def, cx) }));
  return {
    inputs: args.filter(({ mode }) => mode !== 'out' && mode !== 'table').map(({ type }) => type),
    all: args.map(({ type }) => type),
  };
}

/** Those of the first schema of the path that has any. */
function candidates(
  ref: RoutineRef,
  types: ReturnType<typeof argumentTypes> | undefined,
  word: RoutineWord,
  cx: UtilityContext,
): readonly BuiltinProc[] {
  const catalog = catalogOf(cx);
  const found: BuiltinProc[] = [];
  for (const schema of searched(ref.name, cx)) {
    for (const proc of procsNamed(catalog, schema, ref.name.name)) {
      if (types === undefined) {
        if (word === 'routine' || KIND_WORDS[proc.kind] === word) found.push(proc);
      } else if (isSame(proc.argTypes, types.inputs) || (proc.kind === 'p' && isSame(allTypes(proc), types.all))) {
        return [proc];
      }
    }
  }
  return found;
}

function allTypes(proc: BuiltinProc): readonly Oid[] {
  return proc.allArgTypes ?? proc.argTypes;
}

export function isSame(a: readonly Oid[], b: readonly Oid[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}

function missing(ref: RoutineRef, types: ReturnType<typeof argumentTypes> | undefined, word: RoutineWord, cx: UtilityContext): SqlError {
  const name = nameText(ref.name);
  if (types === undefined) {
    const article = word === 'aggregate' ? 'an' : 'a';
    return new SqlError(SqlState.undefinedFunction, `could not find ${article} ${word} named "${name}"`);
  }
  if (word === 'aggregate' && types.inputs.length === 0)
    return new SqlError(SqlState.undefinedFunction, `aggregate ${name}(*) does not exist`);
  const what = word === 'routine' ? 'function' : word;
  return new SqlError(SqlState.undefinedFunction, `${what} ${signature(name, types.inputs, cx)} does not exist`);
}

/** DROP FUNCTION takes no procedure or aggregate, and so on; ROUTINE takes all. */
function requireWord(proc: BuiltinProc, ref: RoutineRef, word: RoutineWord, cx: UtilityContext): void {
  const kind = KIND_WORDS[proc.kind];
  if (word === 'routine' || kind === word) return;
  const shown = ref.arguments === undefined ? nameText(ref.name) : signature(nameText(ref.name), proc.argTypes, cx);
  if (word === 'aggregate') {
    throw new SqlError(SqlState.wrongObjectType, `function ${shown} is not an aggregate`);
  }
  if (word === 'function' && kind === 'aggregate') {
    throw new SqlError(SqlState.wrongObjectType, `"${nameText(ref.name)}" is an aggregate function`, {
      hint: 'Use DROP AGGREGATE to drop aggregate functions.',
    });
  }
  throw new SqlError(SqlState.wrongObjectType, `${shown} is not a ${word}`);
}

/** A user's routine that the current role owns. @throws SqlError 42883, 42501 */
export function findOwnedRoutine(ref: RoutineRef, word: RoutineWord, cx: UtilityContext): RoutineDescriptor {
  const proc = findProc(ref, word, cx);
  const routine = proc === undefined ? undefined : catalogOf(cx).routine(proc.oid);
  if (routine === undefined) throw notOwner(KIND_WORDS[proc?.kind ?? 'f'], proc?.name ?? ref.name.name);
  requireRoutineOwner(routine, cx, nameText(ref.name));
  return routine;
}

/** @param written its name in the statement */
export function requireRoutineOwner(routine: RoutineDescriptor, cx: UtilityContext, written = routine.name): void {
  if (!ownedBy(routine.owner, cx)) throw notOwner(formWord(routine), written);
}

function notOwner(word: string, name: string): SqlError {
  return new SqlError(SqlState.insufficientPrivilege, `must be owner of ${word} ${name}`);
}

/** Of the functions that a definition is made of; 0 stands for none. @throws SqlError 42501 */
export function requireExecute(procs: readonly Oid[], cx: UtilityContext): void {
  const required = procs.filter((oid) => oid !== 0).map((oid) => ({ objectKind: 'function', oid, privileges: Privilege.execute }) as const);
  checkPrivileges(required, { catalog: catalogOf(cx), session: cx.session });
}
