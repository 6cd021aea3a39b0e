import type { RelationDescriptor, TableDescriptor, ViewDescriptor, VirtualDescriptor } from '../catalog/descriptors.js';
import type { Oid } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { SelectStatement, Statement } from '../planner/parse/ast.js';
import { isQuery } from '../planner/plan.js';
import type { ListenOptions } from './listen-options.js';
import { sharedRefused } from './live/compile-program.js';
import type { ListenContext } from './notifications.js';

/** What a LISTEN keeps up to date. */
export interface ListenTarget {
  /** Absent: a query given as text. */
  readonly relation: Oid | undefined;
  readonly name: string;
  readonly statement: SelectStatement;
  /** A temporary view's: what it is where nobody knows of the view. */
  readonly ofTemporaryView?: { readonly text: string; readonly path: readonly string[] };
  /** For system.live_queries. */
  readonly queryText: string;
  /** The same for all that mean the same by the same catalog; absent where it means something in its session only. */
  readonly meaning: string | undefined;
}

/** A channel's name that is a query. */
const QUERY = /^[\s(]*(select|with|values|table)[\s(*"']/i;

/**
 * A table or view ("schema.name" too, else along the search path), or a query; undefined: a plain channel.
 * @throws SqlError 0A000, 42809 for relations that can't be listened to; 42601 for a query with an error
 */
export function listenTarget(channel: string, options: ListenOptions, cx: ListenContext): ListenTarget | undefined {
  const relation = findRelation(channel, cx);
  if (relation !== undefined) return relationTarget(liveRelation(relation, options), cx);
  return QUERY.test(channel) ? queryTarget(channel, cx) : undefined;
}

function relationTarget(relation: LiveRelation, cx: ListenContext): ListenTarget {
  const isView = relation.kind === 'view';
  const isTemporary = cx.catalog.schemaByOid(relation.schema)?.name.startsWith('pg_temp') === true;
  return {
    relation: relation.oid,
    name: relation.name,
    statement: wholeRelation(relation, cx),
    queryText: isView ? relation.queryText : '',
    ...(isView && isTemporary ? { ofTemporaryView: { text: relation.queryText, path: relation.searchPath } } : {}),
    meaning: isTemporary ? (isView ? textMeaning(relation.queryText, '') : undefined) : `relation ${relation.oid}`,
  };
}

/** What queries given as text are called. */
export const QUERY_NAME = 'the query';

/** What a text means that is a query, and no relation's name; undefined where that is only known once it is read. */
export function queryMeaning(text: string, cx: ListenContext): string | undefined {
  return QUERY.test(text) && findRelation(text, cx) === undefined ? meaningOfQuery(text, cx) : undefined;
}

const meaningOfQuery = (text: string, cx: ListenContext): string | undefined => textMeaning(text, cx.planner.searchPath.join(','));

function queryTarget(text: string, cx: ListenContext): ListenTarget {
  const [statement, ...others] = cx.parse(text);
  if (statement === undefined || others.length > 0 || !isSelect(statement)) {
    throw new SqlError(SqlState.syntaxError, 'only a query can be listened to');
  }
  return {
    relation: undefined,
    name: QUERY_NAME,
    statement,
    queryText: text,
    meaning: meaningOfQuery(text, cx),
  };
}

export function isSelect(statement: Statement): statement is SelectStatement {
  return isQuery(statement) && (statement.type === 'select' || statement.type === 'set operation' || statement.type === 'values');
}

/** Temporary tables are another's in each session. */
function textMeaning(text: string, path: string): string | undefined {
  return text.includes('pg_temp') ? undefined : `query ${path} ${text}`;
}

type LiveRelation = TableDescriptor | ViewDescriptor | VirtualDescriptor;

/** "schema.name" and plain names. */
function findRelation(channel: string, cx: ListenContext): RelationDescriptor | undefined {
  const dot = channel.indexOf('.');
  if (dot > 0) {
    const schema = cx.catalog.schema(channel.slice(0, dot));
    return schema === undefined ? undefined : cx.catalog.relation(schema.oid, channel.slice(dot + 1));
  }
  for (const schema of cx.planner.searchPath) {
    const relation = cx.catalog.relation(schema, channel);
    if (relation !== undefined) return relation;
  }
  return undefined;
}

/** @throws SqlError for relations that have no rows to listen to, and shared tables */
function liveRelation(relation: RelationDescriptor, { snapshotShared }: ListenOptions): LiveRelation {
  switch (relation.kind) {
    case 'view':
    case 'virtual':
      return relation;
    case 'table':
      if (relation.tableType === 'shared' && !snapshotShared) throw sharedRefused(relation.name, relation.name);
      return relation;
    case 'sequence':
    case 'index':
    case 'composite':
      throw new SqlError(SqlState.wrongObjectType, `cannot listen to ${relation.kind} "${relation.name}"`);
  }
}

/** SELECT * FROM relation, as a syntax tree. */
function wholeRelation(relation: LiveRelation, cx: ListenContext): SelectStatement {
  const schema = cx.catalog.schemaByOid(relation.schema)?.name;
  return {
    type: 'select',
    columns: [{ expr: { type: 'ref', name: '*', star: true } }],
    from: [{ type: 'table', name: schema === undefined ? { name: relation.name } : { schema, name: relation.name } }],
  };
}
