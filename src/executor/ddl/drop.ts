import type { CastDescriptor, Descriptor, IndexDescriptor, RelationDescriptor, SchemaDescriptor } from '../../catalog/descriptors.js';
import { typeRecord } from '../../catalog/made-types.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SchemaName } from '../../commons/system-names.js';
import type { QName } from '../../planner/parse/ast.js';
import { visibleIn } from '../../planner/print/definitions.js';
import { lockTags } from '../../transaction/lock-tags.js';
import { requireNotInUse, requireNoWaitingChecks } from '../dml/constraint-checks.js';
import { Cascade, confirm, type Dependent, dependentsOf } from './cascade.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { dropUse } from './extensions/drop.js';
import { usesOfExtension } from './extensions/uses.js';
import { forgetSchema } from './free-standing/change.js';
import {
  catalogOf,
  describeRelation,
  kindWord,
  lockRelation,
  lookUpRelation,
  nameText,
  ownedBy,
  requireOwner,
  systemRelation,
} from './names.js';
import { notice } from './notices.js';
import { removeRelation } from './remove-relation.js';
import { describeCast, describeOperator, describeRoutine, usesOfRoutines } from './routines/uses.js';
import { typeText } from './types/type-text.js';

type Stored = Exclude<RelationDescriptor, { kind: 'virtual' }>;

/** DROP of relations and schemas: what depends on them goes too with CASCADE, and is listed in the refusal without. */
export async function drop(statement: UtilityStatement<'drop'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = `DROP ${statement.objectType.toUpperCase()}`;
  if (statement.objectType === 'schema') {
    await dropSchemas(statement, cx);
    return { tag };
  }
  const kind = RELATION_KINDS[statement.objectType];
  if (kind === undefined) throw notSupported(tag);
  const targets: Stored[] = [];
  for (const name of statement.names) {
    const relation = find(name, kind, statement, cx);
    if (relation === undefined) continue;
    requireOwner(relation, cx);
    await lockRelation(relation.kind === 'index' ? relation.table : relation.oid, cx);
    const now = catalogOf(cx).relationByOid(relation.oid);
    if (now?.kind === 'table' && statement.cascade === true) {
      for (const child of catalogOf(cx).referencingTables(now.oid)) await lockRelation(child.oid, cx);
    }
    if (now?.kind === 'table') requireNotInUse(cx.session, now, 'DROP TABLE');
    if (now?.kind === 'table') requireNoWaitingChecks(cx.session.constraintChecks, now, 'DROP TABLE');
    if (now !== undefined && now.kind !== 'virtual') targets.push(now);
  }
  dropAll(targets, [], statement.cascade === true, cx);
  return { tag };
}

const RELATION_KINDS: Readonly<Record<string, RelationDescriptor['kind']>> = {
  table: 'table',
  view: 'view',
  index: 'index',
  sequence: 'sequence',
  'materialized view': 'table',
};

function find(name: QName, kind: RelationDescriptor['kind'], statement: UtilityStatement<'drop'>, cx: UtilityContext): Stored | undefined {
  const relation = lookUpRelation(name, cx);
  if (relation === undefined) {
    const text = nameText(name);
    const missing = `${statement.objectType} "${text}" does not exist`;
    if (statement.ifExists !== true) throw new SqlError(kind === 'index' ? SqlState.undefinedObject : SqlState.undefinedTable, missing);
    const noSchema = name.schema !== undefined && catalogOf(cx).schema(name.schema) === undefined;
    notice(cx, noSchema ? `schema "${name.schema}" does not exist, skipping` : `${missing}, skipping`);
    return undefined;
  }
  if (relation.kind === 'virtual') throw systemRelation(relation.name);
  if (relation.kind !== kind || (relation.kind === 'table' && kindWord(relation) !== statement.objectType))
    throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not ${withArticle(statement.objectType)}`, {
      hint: `Use DROP ${kindWord(relation).toUpperCase()} to remove ${withArticle(kindWord(relation))}.`,
    });
  if (relation.kind === 'index' && relation.parentIndex !== undefined) throw neededByParent(relation, cx);
  if (relation.kind === 'index' && relation.constraint !== undefined) throw neededByConstraint(relation, cx);
  if (relation.kind === 'view' && relation.extension !== undefined) throw neededByExtension(relation, relation.extension, cx);
  return relation;
}

function withArticle(kind: string): string {
  return `${kind === 'index' ? 'an' : 'a'} ${kind}`;
}

function neededByParent(index: IndexDescriptor, cx: UtilityContext): SqlError {
  const found = catalogOf(cx).relationByOid(index.parentIndex ?? 0);
  const parent = found === undefined ? '' : describeRelation(found, cx);
  return new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${describeRelation(index, cx)} because ${parent} requires it`, {
    hint: `You can drop ${parent} instead.`,
  });
}

function neededByExtension(view: RelationDescriptor, extension: Oid, cx: UtilityContext): SqlError {
  const name = [...catalogOf(cx).extensions()].find(({ oid }) => oid === extension)?.name ?? '';
  return new SqlError(
    SqlState.dependentObjectsStillExist,
    `cannot drop ${describeRelation(view, cx)} because extension ${name} requires it`,
    {
      hint: `You can drop extension ${name} instead.`,
    },
  );
}

function neededByConstraint(index: Extract<Stored, { kind: 'index' }>, cx: UtilityContext): SqlError {
  const table = catalogOf(cx).relationByOid(index.table);
  const constraint = table?.kind === 'table' ? table.constraints.find((c) => c.oid === index.constraint) : undefined;
  const what = `constraint ${constraint?.name ?? ''} on ${table === undefined ? '' : describeRelation(table, cx)}`;
  return new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${describeRelation(index, cx)} because ${what} requires it`, {
    hint: `You can drop ${what} instead.`,
  });
}

async function dropSchemas(statement: UtilityStatement<'drop'>, cx: UtilityContext): Promise<void> {
  const schemas: SchemaDescriptor[] = [];
  for (const name of statement.names) {
    const schema = catalogOf(cx).schema(name.name);
    if (schema === undefined) {
      if (statement.ifExists !== true) throw new SqlError(SqlState.invalidSchemaName, `schema "${name.name}" does not exist`);
      notice(cx, `schema "${name.name}" does not exist, skipping`);
      continue;
    }
    if (PERMANENT_SCHEMAS.has(schema.name))
      throw new SqlError(
        SqlState.dependentObjectsStillExist,
        `cannot drop schema ${schema.name} because it is required by the database system`,
      );
    if (!ownedBy(schema.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of schema ${schema.name}`);
    schemas.push(schema);
  }
  const targets: Stored[] = [];
  const routines = [...catalogOf(cx).routines()].filter((routine) => schemas.some(({ oid }) => oid === routine.schema));
  const uses = routines.length === 0 ? [] : usesUnlessBroken(routines, cx);
  for (const schema of schemas) {
    for (const relation of catalogOf(cx).relations()) {
      if (relation.schema !== schema.oid || relation.kind === 'virtual' || relation.kind === 'index') continue;
      await cx.transaction.lock(lockTags.relation(relation.oid), 'ACCESS EXCLUSIVE');
      targets.push(relation);
    }
  }
  const inDropped = ({ schema }: { readonly schema: Oid }) => schemas.some(({ oid }) => oid === schema);
  const extensions = [...catalogOf(cx).extensions()].filter(inDropped);
  const usedExtensions = extensions.map((extension) => ({ extension, uses: usesOfExtension(extension, cx) }));
  const usesOfExtensions = usedExtensions.flatMap(({ uses: own }) => own);
  const textSearch = [...catalogOf(cx).textSearchConfigurations(), ...catalogOf(cx).textSearchDictionaries()].filter(inDropped);
  const shortest = ({ name, schema }: { readonly name: string; readonly schema: Oid }) =>
    cx.planner.searchPath.includes(schema) ? name : nameText({ name, schema: catalogOf(cx).schemaByOid(schema)?.name ?? '' });
  const statistics = catalogOf(cx).freeStanding('extended statistics').filter(inDropped);
  const collations = catalogOf(cx).freeStanding('collation').filter(inDropped);
  const member = (kind: Descriptor['kind'], { oid, schema }: { readonly oid: Oid; readonly schema: Oid }, text: string): Dependent => ({
    oid,
    text,
    on: `schema ${catalogOf(cx).schemaByOid(schema)?.name ?? ''}`,
    automatic: false,
    apply: () => cx.session.catalog.remove(cx.transaction, kind, oid),
  });
  const operators = [...catalogOf(cx).operators()].filter(({ schema }) => schemas.some(({ oid }) => oid === schema));
  const others = [
    ...routines.map((routine) => member('routine', routine, describeRoutine(routine, cx))),
    ...operators.map((operator) => member('operator', operator, describeOperator(operator, cx))),
    ...usedExtensions.flatMap(({ extension, uses: own }) => [
      member('extension', extension, `extension ${extension.name}`),
      // Told with the rest; dropUse does it.
      ...own.map(
        ({ text, on }, i): Dependent => ({
          oid: -(extension.oid * 1000 + i),
          age: extension.oid + 0.5,
          text,
          on,
          automatic: false,
          apply: () => undefined,
        }),
      ),
    ]),
    ...castsOver(schemas, cx).map((cast) => ({
      oid: cast.oid,
      text: describeCast(cast, cx),
      on: typeText(cast.source, cx),
      // Right behind its type.
      age: Math.max(cast.source, cast.target) + 0.5,
      automatic: false,
      apply: () => cx.session.catalog.remove(cx.transaction, 'cast', cast.oid),
    })),
    ...textSearch.map((object) => member(object.kind, object, `${object.kind} ${object.name}`)),
    // With its table it goes unmentioned.
    ...statistics.map((object) => ({
      ...member(object.kind, object, `statistics object ${shortest(object)}`),
      partOf: object.table,
    })),
    ...collations.map((object) => member(object.kind, object, `collation ${shortest(object)}`)),
  ];
  dropAll(targets, schemas, statement.cascade === true, cx, others);
  for (const use of [...uses, ...usesOfExtensions]) await dropUse(use, cx);
}

/** Casts from or to a type of the schemas. */
function castsOver(schemas: readonly SchemaDescriptor[], cx: UtilityContext): readonly CastDescriptor[] {
  const isOf = (type: Oid) => schemas.some(({ oid }) => oid === typeRecord(catalogOf(cx), type)?.namespace);
  return [...catalogOf(cx).casts()].filter(({ source, target }) => isOf(source) || isOf(target));
}

/** A view that can't be read any more is no reason to keep a schema. */
function usesUnlessBroken(routines: Parameters<typeof usesOfRoutines>[0], cx: UtilityContext): ReturnType<typeof usesOfRoutines> {
  try {
    return usesOfRoutines(routines, cx);
  } catch (error) {
    if (error instanceof SqlError) return [];
    throw error;
  }
}

const PERMANENT_SCHEMAS: ReadonlySet<string> = new Set([
  SchemaName.pgCatalog,
  SchemaName.informationSchema,
  SchemaName.system,
  SchemaName.kalamdb,
]);

/** @param others what else of the schemas goes: their routines */
export function dropAll(
  targets: readonly Stored[],
  schemas: readonly SchemaDescriptor[],
  cascade: boolean,
  cx: UtilityContext,
  others: readonly Dependent[] = [],
): void {
  const inSchemas = schemas.length > 0;
  const found = new Cascade(inSchemas ? [] : targets.map(({ oid }) => oid), cx);
  if (inSchemas) found.below([...targets.map((relation) => inSchema(relation, schemas, cx)), ...typesOf(schemas, cx), ...others]);
  else for (const target of targets) found.below(dependentsOf(target, catalogOf(cx), cx));
  const all = found.inOrder;
  const going = new Set([...targets, ...all.flatMap(({ relation }) => relation ?? [])].map(({ oid }) => oid));
  const dependents = all.filter(({ partOf }) => partOf === undefined || !going.has(partOf));
  confirm(refusedName(inSchemas ? [] : targets, schemas, cx), dependents, cascade, cx);
  for (const dependent of dependents) dependent.apply(cx);
  const doomed = new Map([...targets, ...dependents.flatMap(({ relation }) => relation ?? [])].map((relation) => [relation.oid, relation]));
  // Indexes first: finding their spaces takes their table.
  const ordered = [...doomed.values()].sort((one, other) => Number(other.kind === 'index') - Number(one.kind === 'index'));
  for (const relation of ordered) removeRelation(relation, cx);
  for (const { oid, schema } of [...catalogOf(cx).defaultPrivileges()])
    if (schemas.some((dropped) => dropped.oid === schema)) cx.session.catalog.remove(cx.transaction, 'default privileges', oid);
  for (const schema of schemas) {
    forgetSchema(schema.oid, cx);
    cx.session.catalog.remove(cx.transaction, 'schema', schema.oid);
  }
}

function inSchema(relation: Stored, schemas: readonly SchemaDescriptor[], cx: UtilityContext): Dependent {
  const schema = schemas.find(({ oid }) => oid === relation.schema);
  return {
    oid: relation.oid,
    text: describeRelation(relation, cx),
    on: `schema ${schema?.name ?? ''}`,
    automatic: false,
    apply: () => undefined,
    relation,
  };
}

/** Enums, domains and ranges go with their schema; composite types are relations. */
function typesOf(schemas: readonly SchemaDescriptor[], cx: UtilityContext): Dependent[] {
  const isVisible = isVisibleTo(cx);
  return [...catalogOf(cx).types()].flatMap((type) => {
    const schema = schemas.find((candidate) => candidate.oid === type.schema);
    if (schema === undefined) return [];
    const apply = () => cx.session.catalog.remove(cx.transaction, 'type', type.oid);
    const name = isVisible(type) ? type.name : `${schema.name}.${type.name}`;
    return [{ oid: type.oid, text: `type ${name}`, on: `schema ${schema.name}`, automatic: false, apply }];
  });
}

function isVisibleTo(cx: UtilityContext): (object: { readonly name: string; readonly schema: Oid }) => boolean {
  return visibleIn(catalogOf(cx), cx.planner.searchPath);
}

function refusedName(targets: readonly Stored[], schemas: readonly SchemaDescriptor[], cx: UtilityContext): string {
  const [schema] = schemas;
  const [target] = targets;
  if (targets.length + schemas.length > 1) return 'desired object(s)';
  return schema !== undefined ? `schema ${schema.name}` : target === undefined ? 'object' : describeRelation(target, cx);
}
