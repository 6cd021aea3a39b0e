import { quoteIdentifier, schemaName, typeName } from '../../../catalog/definitions/index.js';
import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import { operatorByOid, procByOid } from '../../../catalog/made-routines.js';
import { typeRecord } from '../../../catalog/made-types.js';
import { CatalogOid } from '../../../catalog/virtual/class-oids.js';
import { TypeOid } from '../../../types/oids.js';
import { SqlArray, SqlRecord } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';
import { isVisible, visibilityIn } from './visibility.js';

/** An object of a system catalog, as messages, pg_identify_object and addresses name it. */
interface Identified {
  /** `table t`, `function f(integer)`: where the search path does not lead to it, with its schema. */
  readonly text: string;
  readonly type: string;
  readonly schema?: string;
  /** Only where schema and name are unique. */
  readonly name?: string;
  readonly identity: string;
}

type Describe = (oid: number, column: number, cx: FunctionContext) => Identified | undefined;

const RELATION_TYPES: Readonly<Record<RelationDescriptor['kind'], string>> = {
  table: 'table',
  virtual: 'table',
  view: 'view',
  index: 'index',
  sequence: 'sequence',
  composite: 'composite type',
};

function relationType(relation: RelationDescriptor): string {
  return relation.kind === 'virtual' && relation.relkind === 'v' ? 'view' : RELATION_TYPES[relation.kind];
}

function qualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

function relation(oid: number, column: number, cx: FunctionContext): Identified | undefined {
  const found = cx.catalog.relationByOid(oid);
  if (found === undefined) return undefined;
  const schema = schemaName(cx.catalog, found.schema);
  const type = relationType(found);
  const shown = isVisible(found, cx) ? quoteIdentifier(found.name) : qualified(schema, found.name);
  if (column === 0) return { text: `${type} ${shown}`, type, schema, name: found.name, identity: qualified(schema, found.name) };
  const name = 'columns' in found && found.kind !== 'index' ? found.columns[column - 1]?.name : undefined;
  if (name === undefined) return undefined;
  const identity = `${qualified(schema, found.name)}.${quoteIdentifier(name)}`;
  return { text: `column ${quoteIdentifier(name)} of ${type} ${shown}`, type: `${type} column`, schema, name: found.name, identity };
}

function type(oid: number, _column: number, cx: FunctionContext): Identified | undefined {
  const found = typeRecord(cx.catalog, oid);
  if (found === undefined) return undefined;
  const identity = typeName(cx.catalog, oid);
  return {
    text: `type ${typeName(cx.catalog, oid, null, visibilityIn(cx))}`,
    type: 'type',
    schema: schemaName(cx.catalog, found.namespace),
    name: identity,
    identity,
  };
}

function shownIn(namespace: number, cx: FunctionContext): boolean {
  return cx.session.searchPath(true).includes(schemaName(cx.catalog, namespace));
}

function routine(oid: number, _column: number, cx: FunctionContext): Identified | undefined {
  const found = procByOid(cx.catalog, oid);
  if (found === undefined) return undefined;
  const schema = schemaName(cx.catalog, found.namespace);
  const word = found.kind === 'p' ? 'procedure' : 'function';
  const name = quoteIdentifier(found.name);
  const shownTypes = found.argTypes.map((argument) => typeName(cx.catalog, argument, null, visibilityIn(cx))).join(',');
  const shown = shownIn(found.namespace, cx) ? name : `${quoteIdentifier(schema)}.${name}`;
  const types = found.argTypes.map((argument) => typeName(cx.catalog, argument)).join(',');
  const kind = found.kind === 'a' ? 'aggregate' : word;
  return { text: `${word} ${shown}(${shownTypes})`, type: kind, schema, identity: `${quoteIdentifier(schema)}.${name}(${types})` };
}

function operator(oid: number, _column: number, cx: FunctionContext): Identified | undefined {
  const found = operatorByOid(cx.catalog, oid);
  if (found === undefined) return undefined;
  const schema = schemaName(cx.catalog, found.namespace);
  const sides = (shown: boolean) =>
    [found.left, found.right]
      .map((side) => (side === 0 ? 'NONE' : typeName(cx.catalog, side, null, shown ? visibilityIn(cx) : undefined)))
      .join(',');
  const prefix = shownIn(found.namespace, cx) ? '' : `${quoteIdentifier(schema)}.`;
  return {
    text: `operator ${prefix}${found.name}(${sides(true)})`,
    type: 'operator',
    schema,
    identity: `${quoteIdentifier(schema)}.${found.name}(${sides(false)})`,
  };
}

function cast(oid: number, _column: number, cx: FunctionContext): Identified | undefined {
  let found: { readonly source: number; readonly target: number } | undefined = cx.catalog.builtin.casts().find((row) => row.oid === oid);
  for (const own of cx.catalog.casts()) if (own.oid === oid) found = own;
  if (found === undefined) return undefined;
  const { source, target } = found;
  const text = `cast from ${typeName(cx.catalog, source, null, visibilityIn(cx))} to ${typeName(cx.catalog, target, null, visibilityIn(cx))}`;
  return { text, type: 'cast', identity: `(${typeName(cx.catalog, source)} AS ${typeName(cx.catalog, target)})` };
}

function methodName(oid: number, cx: FunctionContext): string {
  return cx.catalog.builtin.accessMethods().find((method) => method.oid === oid)?.name ?? '';
}

/** Operator classes and families: both are of an access method. */
function ofMethod(
  word: 'operator class' | 'operator family',
  find: (oid: number, cx: FunctionContext) => { readonly name: string; readonly namespace: number; readonly method: number } | undefined,
): Describe {
  return (oid, _column, cx) => {
    const found = find(oid, cx);
    if (found === undefined) return undefined;
    const schema = schemaName(cx.catalog, found.namespace);
    const method = methodName(found.method, cx);
    const full = qualified(schema, found.name);
    const shown = shownIn(found.namespace, cx) ? quoteIdentifier(found.name) : full;
    return { text: `${word} ${shown} for access method ${method}`, type: word, schema, identity: `${full} USING ${method}` };
  };
}

function constraint(oid: number, _column: number, cx: FunctionContext): Identified | undefined {
  for (const table of cx.catalog.relations()) {
    if (table.kind !== 'table') continue;
    const found = table.constraints.find((candidate) => candidate.oid === oid);
    const on = found === undefined ? undefined : relation(table.oid, 0, cx);
    if (found === undefined || on === undefined) continue;
    const name = quoteIdentifier(found.name);
    return {
      text: `constraint ${name} on ${on.text}`,
      type: 'table constraint',
      schema: on.schema ?? '',
      identity: `${name} on ${on.identity}`,
    };
  }
  return undefined;
}

function rule(oid: number, _column: number, cx: FunctionContext): Identified | undefined {
  const on = relation(oid, 0, cx);
  return on === undefined ? undefined : { text: `rule _RETURN on ${on.text}`, type: 'rule', identity: `"_RETURN" on ${on.identity}` };
}

/** What has a name and nothing more: schemas, roles, databases, extensions, access methods, languages. */
function named(word: string, find: (oid: number, cx: FunctionContext) => string | undefined): Describe {
  return (oid, _column, cx) => {
    const name = find(oid, cx);
    if (name === undefined) return undefined;
    return { text: `${word} ${quoteIdentifier(name)}`, type: word, name, identity: quoteIdentifier(name) };
  };
}

function nameIn(rows: Iterable<{ readonly oid: number; readonly name: string }>, oid: number): string | undefined {
  for (const row of rows) if (row.oid === oid) return row.name;
  return undefined;
}

const PG_LANGUAGE = 2612;

const DESCRIBE: Readonly<Record<number, Describe>> = {
  [CatalogOid.pgClass]: relation,
  [CatalogOid.pgType]: type,
  [CatalogOid.pgProc]: routine,
  [CatalogOid.pgOperator]: operator,
  [CatalogOid.pgCast]: cast,
  [CatalogOid.pgConstraint]: constraint,
  [CatalogOid.pgRewrite]: rule,
  [CatalogOid.pgOpclass]: ofMethod('operator class', (oid, cx) => cx.catalog.builtin.opclassByOid(oid)),
  [CatalogOid.pgOpfamily]: ofMethod('operator family', (oid, cx) => cx.catalog.builtin.opfamilies().find((row) => row.oid === oid)),
  [CatalogOid.pgAm]: named('access method', (oid, cx) => nameIn(cx.catalog.builtin.accessMethods(), oid)),
  [CatalogOid.pgNamespace]: named('schema', (oid, cx) => cx.catalog.schemaByOid(oid)?.name),
  [CatalogOid.pgAuthid]: named('role', (oid, cx) => cx.catalog.roleByOid(oid)?.name),
  [CatalogOid.pgDatabase]: named('database', (oid, cx) => nameIn(cx.catalog.databases(), oid)),
  [CatalogOid.pgExtension]: named('extension', (oid, cx) => nameIn(cx.catalog.extensions(), oid)),
  [PG_LANGUAGE]: named('language', (oid, cx) => nameIn(cx.catalog.builtin.languages(), oid)),
};

function identify(catalogOid: number, oid: number, column: number, cx: FunctionContext): SqlRecord {
  const found = DESCRIBE[catalogOid]?.(oid, column, cx);
  return new SqlRecord(
    [found?.type ?? null, found?.schema ?? null, found?.name === undefined ? null : quoteIdentifier(found.name), found?.identity ?? null],
    [TypeOid.text, TypeOid.text, TypeOid.text, TypeOid.text],
    ['type', 'schema', 'name', 'identity'],
  );
}

function address(catalogOid: number, oid: number, column: number, cx: FunctionContext): SqlRecord {
  const found = DESCRIBE[catalogOid]?.(oid, column, cx);
  const names = [found?.schema, found?.name].filter((name): name is string => name !== undefined);
  const last = column === 0 ? undefined : found?.identity.split('.').at(-1);
  return new SqlRecord(
    [
      found?.type ?? null,
      found === undefined ? null : new SqlArray(last === undefined ? names : [...names, last]),
      found === undefined ? null : new SqlArray([]),
    ],
    [TypeOid.text, TEXT_ARRAY, TEXT_ARRAY],
    ['type', 'object_names', 'object_args'],
  );
}

const TEXT_ARRAY = 1009;

export const objectDescriptionFunctions: FunctionTable = {
  scalar: {
    pg_describe_object: (catalogOid: number, oid: number, column: number, cx: FunctionContext) =>
      catalogOid === 0 && oid === 0 ? null : (DESCRIBE[catalogOid]?.(oid, column, cx)?.text ?? null),
    pg_identify_object: identify,
    pg_identify_object_as_address: address,
  },
};
