import type { CatalogCounts } from '../counts.js';

/** What the planner is told of a virtual relation. */
export interface VirtualEstimate {
  rows(counts: CatalogCounts): number;
  /** Columns by which its provider finds rows without making all of them, and how many different values they have. */
  readonly lookUps: Readonly<Record<string, (counts: CatalogCounts) => number>>;
}

type Count = (counts: CatalogCounts) => number;

const BUILTIN_TYPES = 620;
const BUILTIN_ROUTINES = 3400;
const BUILTIN_OPERATORS = 810;
const LABELS_OF_AN_ENUM = 4;

const relations: Count = (counts) => counts.relations;
const tables: Count = (counts) => counts.tables;
const tablesAndViews: Count = (counts) => counts.tables + counts.views;
const indexes: Count = (counts) => counts.indexes;
const sequences: Count = (counts) => counts.sequences;
const columns: Count = (counts) => counts.columns;
const constraints: Count = (counts) => counts.constraints;
const types: Count = (counts) => BUILTIN_TYPES + 2 * (counts.tables + counts.views + counts.types);
const always =
  (count: number): Count =>
  () =>
    count;

const estimate = (rows: Count, lookUps: Readonly<Record<string, Count>> = {}): VirtualEstimate => ({ rows, lookUps });
const byTable = (rows: Count): VirtualEstimate => estimate(rows, { table_name: tablesAndViews });
const summary = (rows: Count, name: string): VirtualEstimate => estimate(rows, { [name]: rows });

/** By provider. Others are taken to be small. */
export const VIRTUAL_ESTIMATES: Readonly<Record<string, VirtualEstimate>> = {
  'pg_catalog.pg_class': estimate(relations, { oid: relations, relname: relations }),
  'pg_catalog.pg_attribute': estimate(columns, { attrelid: relations }),
  'pg_catalog.pg_attrdef': estimate(columns, { adrelid: tables }),
  'pg_catalog.pg_index': estimate(indexes, { indexrelid: indexes, indrelid: tables }),
  'pg_catalog.pg_constraint': estimate(constraints, {
    oid: constraints,
    conrelid: tables,
    confrelid: tables,
    conindid: tables,
    conname: constraints,
  }),
  'pg_catalog.pg_type': estimate(types, { oid: types, typname: types, typrelid: types }),
  'pg_catalog.pg_enum': estimate((counts) => counts.types * LABELS_OF_AN_ENUM, { enumtypid: (counts) => counts.types }),
  'pg_catalog.pg_namespace': estimate((counts) => counts.schemas),
  'pg_catalog.pg_description': estimate(relations, { objoid: relations }),
  // Types, routines and extensions are gone through for each question.
  'pg_catalog.pg_depend': estimate(columns),
  'pg_catalog.pg_proc': estimate(always(BUILTIN_ROUTINES), { oid: always(BUILTIN_ROUTINES), proname: always(BUILTIN_ROUTINES) }),
  'pg_catalog.pg_operator': estimate(always(BUILTIN_OPERATORS), {
    oid: always(BUILTIN_OPERATORS),
    oprname: always(BUILTIN_OPERATORS / 10),
  }),
  'pg_catalog.pg_opclass': estimate(always(180), { oid: always(180) }),
  'pg_catalog.pg_collation': estimate(always(800), { oid: always(800), collname: always(800) }),
  'pg_catalog.pg_am': estimate(always(7), { oid: always(7) }),
  'pg_catalog.pg_sequence': estimate(sequences, { seqrelid: sequences }),
  'pg_catalog.pg_trigger': estimate(tables, { tgrelid: tables }),
  'pg_catalog.pg_rewrite': estimate((counts) => counts.views, { ev_class: (counts) => counts.views }),
  'pg_catalog.pg_inherits': estimate(tables, { inhrelid: tables, inhparent: tables }),
  'pg_catalog.pg_policy': estimate(tables, { polrelid: tables }),
  'pg_catalog.pg_tables': summary(tables, 'tablename'),
  'pg_catalog.pg_views': summary((counts) => counts.views, 'viewname'),
  'pg_catalog.pg_indexes': estimate(indexes, { tablename: tables }),
  'pg_catalog.pg_sequences': summary(sequences, 'sequencename'),
  'pg_catalog.pg_stat_user_tables': estimate(tables, { relid: tables, relname: tables }),
  'pg_catalog.pg_stat_all_tables': estimate(tables, { relid: tables, relname: tables }),
  'pg_catalog.pg_stat_user_indexes': estimate(indexes, { relid: tables, relname: tables }),
  'pg_catalog.pg_stat_all_indexes': estimate(indexes, { relid: tables, relname: tables }),
  'information_schema.tables': byTable(tablesAndViews),
  'information_schema.columns': byTable(columns),
  'information_schema.table_constraints': byTable((counts) => 3 * counts.constraints),
  'information_schema.key_column_usage': byTable(constraints),
  'information_schema.table_privileges': byTable((counts) => 7 * counts.tables),
  'information_schema.column_privileges': byTable(columns),
  'information_schema.constraint_column_usage': summary(constraints, 'constraint_name'),
  'information_schema.constraint_table_usage': summary(constraints, 'constraint_name'),
  'information_schema.referential_constraints': summary(constraints, 'constraint_name'),
  'information_schema.check_constraints': estimate(columns),
  'information_schema.sequences': summary(sequences, 'sequence_name'),
};
