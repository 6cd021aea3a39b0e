import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import { Privilege, type RoutineDescriptor } from '../../../catalog/descriptors.js';
import { typeOidNamed, typeRecord } from '../../../catalog/made-types.js';
import { ALL_PRIVILEGES } from '../../../catalog/privileges.js';
import { CatalogOid } from '../../../catalog/virtual/class-oids.js';
import type { Oid } from '../../../commons/ids.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { GrantStatement, QName, RoutineRef } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findSchema, nameText } from '../names.js';
import { isRoutineWord } from '../routines/alter.js';
import { findProc, searched } from '../routines/find.js';
import { noType } from '../types/find.js';
import { born, bornRoutine, described, type FoundTarget } from './grant-target.js';

/** Kinds of objects that privileges are granted on, besides relations: how they are found. */
export interface GrantKind {
  /** What ALL PRIVILEGES stands for. */
  readonly all: number;
  /** @throws SqlError where there is none of that name */
  targets(statement: GrantStatement, cx: UtilityContext): readonly FoundTarget[];
}

/** By the word behind ON. */
export const GRANT_KINDS: Readonly<Record<string, GrantKind>> = {
  schema: { all: ALL_PRIVILEGES.schema, targets: byName(schemaTarget) },
  database: { all: ALL_PRIVILEGES.database, targets: byName(databaseTarget) },
  type: { all: ALL_PRIVILEGES.type, targets: byName((name, cx) => typeTarget(name, false, cx)) },
  domain: { all: ALL_PRIVILEGES.type, targets: byName((name, cx) => typeTarget(name, true, cx)) },
  language: { all: ALL_PRIVILEGES.language, targets: byName(languageTarget) },
  tablespace: { all: ALL_PRIVILEGES.tablespace, targets: byName(tablespaceTarget) },
  'foreign data wrapper': { all: ALL_PRIVILEGES.type, targets: byName((name) => absent('foreign-data wrapper', name)) },
  server: { all: ALL_PRIVILEGES.type, targets: byName((name) => absent('server', name)) },
  'large object': { all: Privilege.select | Privilege.update, targets: byName(largeObjectTarget) },
  function: { all: ALL_PRIVILEGES.routine, targets: routineTargets },
  procedure: { all: ALL_PRIVILEGES.routine, targets: routineTargets },
  routine: { all: ALL_PRIVILEGES.routine, targets: routineTargets },
};

function byName(find: (name: QName, cx: UtilityContext) => FoundTarget): GrantKind['targets'] {
  return (statement, cx) => statement.names.map((name) => find(name, cx));
}

function schemaTarget(name: QName, cx: UtilityContext): FoundTarget {
  const schema = findSchema(name.name, cx);
  return described(schema, 'schema', 'schema', () => catalogOf(cx).schemaByOid(schema.oid), cx);
}

function databaseTarget(name: QName, cx: UtilityContext): FoundTarget {
  const named = () => catalogOf(cx).databaseNamed(name.name);
  const database = named();
  if (database === undefined) throw new SqlError(SqlState.invalidCatalogName, `database "${name.name}" does not exist`);
  return described(database, 'database', 'database', named, cx);
}

function typeTarget(name: QName, isDomain: boolean, cx: UtilityContext): FoundTarget {
  const catalog = catalogOf(cx);
  const oid = typeOf(name, cx);
  if (oid === undefined) throw noType(name);
  const record = typeRecord(catalog, oid);
  if (isDomain && record?.kind !== 'd') throw new SqlError(SqlState.wrongObjectType, `"${record?.name ?? name.name}" is not a domain`);
  if (record !== undefined && record.element !== 0 && record.category === 'A')
    throw new SqlError(SqlState.invalidGrantOperation, 'cannot set privileges of array types', {
      hint: 'Set the privileges of the element type instead.',
    });
  const made = catalog.typeByOid(oid);
  if (made !== undefined) return described(made, 'type', 'type', () => catalogOf(cx).typeByOid(oid), cx);
  const relation = catalog.relationOfRowType(oid);
  if (relation?.kind === 'composite') {
    const now = () => {
      const found = catalogOf(cx).relationByOid(relation.oid);
      return found?.kind === 'composite' ? found : undefined;
    };
    return described(relation, 'type', 'type', now, cx);
  }
  if (relation !== undefined) throw notSupported('privileges on row types of tables');
  return born(CatalogOid.pgType, oid, 'type', record?.name ?? name.name, cx);
}

function typeOf(name: QName, cx: UtilityContext): Oid | undefined {
  const catalog = catalogOf(cx);
  for (const schema of searched(name, cx)) {
    const found = catalog.builtin.typeByName(name.name, schema)?.oid ?? typeOidNamed(catalog, schema, name.name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function languageTarget(name: QName, cx: UtilityContext): FoundTarget {
  const language = catalogOf(cx)
    .builtin.languages()
    .find((candidate) => candidate.name === name.name);
  if (language === undefined) throw new SqlError(SqlState.undefinedObject, `language "${name.name}" does not exist`);
  if (!language.trusted)
    throw new SqlError(SqlState.wrongObjectType, `language "${name.name}" is not trusted`, {
      detail: 'GRANT and REVOKE are not allowed on untrusted languages, because only superusers can use untrusted languages.',
    });
  return born(CatalogOid.pgLanguage, language.oid, 'language', language.name, cx);
}

const TABLESPACES: Readonly<Record<string, Oid>> = { pg_default: 1663, pg_global: 1664 };

function tablespaceTarget(name: QName, cx: UtilityContext): FoundTarget {
  const oid = TABLESPACES[name.name];
  if (oid === undefined) throw new SqlError(SqlState.undefinedObject, `tablespace "${name.name}" does not exist`);
  return born(CatalogOid.pgTablespace, oid, 'tablespace', name.name, cx);
}

function absent(what: string, name: QName): FoundTarget {
  throw new SqlError(SqlState.undefinedObject, `${what} "${nameText(name)}" does not exist`);
}

function largeObjectTarget({ name }: QName, cx: UtilityContext): FoundTarget {
  if (
    catalogOf(cx)
      .freeStanding('large object')
      .some((object) => object.name === name)
  )
    throw notSupported('GRANT on large objects');
  throw new SqlError(SqlState.undefinedObject, `large object ${name} does not exist`);
}

function routineTargets(statement: GrantStatement, cx: UtilityContext): readonly FoundTarget[] {
  const { objectType: word } = statement;
  if (statement.target === 'all in schema')
    return statement.names.flatMap((name) => routinesInSchema(findSchema(name.name, cx).oid, word, cx));
  return (statement.routines ?? []).map((ref) => {
    const proc = namedProc(ref, word, cx);
    const routine = proc === undefined ? undefined : catalogOf(cx).routine(proc.oid);
    if (routine !== undefined) return madeRoutine(routine, cx);
    if (proc === undefined) throw notSupported('GRANT on this routine');
    return bornRoutine(proc, cx);
  });
}

/** ON FUNCTION means aggregates too. */
function namedProc(ref: RoutineRef, word: string, cx: UtilityContext): BuiltinProc | undefined {
  if (word === 'function' && ref.arguments !== undefined) {
    const any = findProc(ref, 'routine', cx, true);
    if (any?.kind === 'a') return any;
  }
  return findProc(ref, isRoutineWord(word) ? word : 'routine', cx);
}

function madeRoutine(routine: RoutineDescriptor, cx: UtilityContext): FoundTarget {
  return described(routine, 'routine', 'function', () => catalogOf(cx).routine(routine.oid), cx);
}

function routinesInSchema(schema: Oid, word: string, cx: UtilityContext): readonly FoundTarget[] {
  const catalog = catalogOf(cx);
  const isMeant = (isProcedure: boolean) => word === 'routine' || isProcedure === (word === 'procedure');
  const own = (proc: BuiltinProc) => proc.namespace === schema && isMeant(proc.kind === 'p');
  return [
    ...catalog.builtin
      .procs()
      .filter(own)
      .map((proc) => bornRoutine(proc, cx)),
    ...[...catalog.routines()]
      .filter((routine) => routine.schema === schema && isMeant(routine.form === 'procedure'))
      .map((routine) => madeRoutine(routine, cx)),
  ];
}
