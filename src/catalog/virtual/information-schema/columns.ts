import { SchemaOid } from '../../../commons/system-names.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { CatalogSnapshot } from '../../catalog.js';
import { collationsOf } from '../../collations.js';
import { schemaName } from '../../definitions/index.js';
import type { ColumnDescriptor } from '../../descriptors.js';
import { isColumnUpdatable } from '../../updatability.js';
import { Access, COLUMN_PRIVILEGE } from '../access.js';
import { relationKind } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { type TypeFacts, typeFacts } from '../type-facts.js';
import { yesNo } from '../values.js';
import { dataType, typeMeasures } from './column-type.js';
import { visibleRelations } from './relations.js';

export const COLUMN_PROVIDERS: Providers = {
  'information_schema.columns': columns,
  'information_schema.column_udt_usage': columnTypes,
  'information_schema.column_domain_usage': columnDomains,
  'information_schema.element_types': elementTypes,
};

function* columns(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const wanted = scan.text('column_name');
  const access = new Access(scan);
  for (const { relation, schema } of visibleRelations(scan, access, COLUMN_PRIVILEGE)) {
    const isTable = /[rp]/.test(relationKind(relation));
    for (const column of relation.columns) {
      if (column.dropped === true || (wanted !== undefined && column.name !== wanted)) continue;
      if (!access.mayColumn(relation, column.number, COLUMN_PRIVILEGE)) continue;
      const facts = typeFacts(catalog, column.type);
      if (facts !== undefined)
        yield columnRow(
          scan,
          schema,
          relation.name,
          column,
          facts,
          yesNo(isTable || isColumnUpdatable(catalog, relation.oid, column.number)),
        );
    }
  }
}

function columnRow(scan: VirtualScan, schema: string, table: string, column: ColumnDescriptor, facts: TypeFacts, isUpdatable: string): Row {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  const base = facts.isDomain ? typeFacts(catalog, facts.baseType) : undefined;
  const typmod = facts.isDomain ? facts.baseTypmod : column.typmod;
  const [length, octets, precision, radix, scale, datetime, intervalType] = typeMeasures(facts.baseType, typmod);
  return [
    database,
    schema,
    table,
    column.name,
    column.number,
    column.generatedText === undefined
      ? column.defaultText === undefined
        ? null
        : (scan.cx.texts?.expression(column.defaultText, undefined, {}) ?? column.defaultText)
      : null,
    yesNo(!column.notNull && !facts.domainNotNull),
    dataType(catalog, facts),
    length ?? null,
    octets ?? null,
    precision ?? null,
    radix ?? null,
    scale ?? null,
    datetime ?? null,
    intervalType ?? null,
    null, // interval_precision
    null, // character_set_catalog
    null,
    null,
    ...collationColumns(scan, column.collation ?? facts.collation),
    facts.isDomain ? database : null,
    facts.isDomain ? schemaName(catalog, facts.schema) : null,
    facts.isDomain ? facts.name : null,
    database,
    schemaName(catalog, base?.schema ?? facts.schema),
    base?.name ?? facts.name,
    null, // scope_catalog
    null,
    null,
    null, // maximum_cardinality
    String(column.number), // dtd_identifier
    'NO', // is_self_referencing
    ...identityColumns(catalog, column),
    column.generatedText === undefined ? 'NEVER' : 'ALWAYS',
    column.generatedText ?? null,
    isUpdatable,
  ];
}

const DEFAULT_COLLATION = 100;

/** collation_catalog, collation_schema, collation_name: NULL for the default one. */
export function collationColumns(scan: VirtualScan, oid: number): readonly SqlValue[] {
  if (oid === 0 || oid === DEFAULT_COLLATION) return [null, null, null];
  const collation = collationsOf(scan.catalog).find((candidate) => candidate.oid === oid);
  if (collation === undefined) return [null, null, null];
  return [scan.cx.databaseName, schemaName(scan.catalog, collation.namespace), collation.name];
}

/** is_identity, identity_generation, identity_start, identity_increment, identity_maximum, identity_minimum, identity_cycle. */
function identityColumns(catalog: CatalogSnapshot, column: ColumnDescriptor): readonly SqlValue[] {
  if (column.identity === undefined) return NO_IDENTITY;
  const generation = column.identity.always ? 'ALWAYS' : 'BY DEFAULT';
  const sequence = catalog.relationByOid(column.identity.sequence);
  if (sequence?.kind !== 'sequence') return ['YES', generation, null, null, null, null, 'NO'];
  return [
    'YES',
    generation,
    String(sequence.start),
    String(sequence.increment),
    String(sequence.max),
    String(sequence.min),
    yesNo(sequence.cycle),
  ];
}
const NO_IDENTITY: readonly SqlValue[] = ['NO', null, null, null, null, null, 'NO'];

/** Columns by their types, for the types' owners. */
function* columnTypes(scan: VirtualScan): Iterable<Row> {
  for (const { schema, table, column, facts } of typedColumns(scan)) {
    const base = facts.isDomain ? typeFacts(scan.catalog, facts.baseType) : undefined;
    yield [
      scan.cx.databaseName,
      schemaName(scan.catalog, base?.schema ?? facts.schema),
      base?.name ?? facts.name,
      scan.cx.databaseName,
      schema,
      table,
      column.name,
    ];
  }
}

function* columnDomains(scan: VirtualScan): Iterable<Row> {
  const database = scan.cx.databaseName;
  for (const { schema, table, column, facts } of typedColumns(scan))
    if (facts.isDomain) yield [database, schemaName(scan.catalog, facts.schema), facts.name, database, schema, table, column.name];
}

interface TypedColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: ColumnDescriptor;
  readonly facts: TypeFacts;
}

function* typedColumns(scan: VirtualScan): Iterable<TypedColumn> {
  const access = new Access(scan);
  for (const { relation, schema } of visibleRelations(scan, access))
    for (const column of relation.columns) {
      const facts = column.dropped === true ? undefined : typeFacts(scan.catalog, column.type);
      if (facts !== undefined && (facts.owner === undefined ? access.isSuperuser : access.hasRole(facts.owner)))
        yield { schema, table: relation.name, column, facts };
    }
}

/** What the arrays among the columns are arrays of. */
function* elementTypes(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  for (const { relation, schema } of visibleRelations(scan, new Access(scan), COLUMN_PRIVILEGE))
    for (const column of relation.columns) {
      const facts = column.dropped === true ? undefined : typeFacts(catalog, column.type);
      if (facts?.isArray !== true) continue;
      const element = typeFacts(catalog, facts.element);
      if (element === undefined) continue;
      yield [
        database,
        schema,
        relation.name,
        'TABLE',
        String(column.number),
        elementName(catalog, facts, element),
        null, // character_maximum_length
        null,
        null, // character_set_catalog
        null,
        null,
        ...collationColumns(scan, column.collation ?? facts.collation),
        ...NO_MEASURES,
        null, // domain_default
        database,
        schemaName(catalog, element.schema),
        element.name,
        null, // scope_catalog
        null,
        null,
        null, // maximum_cardinality
        `a${column.number}`,
      ];
    }
}

/** numeric_precision … interval_precision. */
const NO_MEASURES: readonly SqlValue[] = [null, null, null, null, null, null];

function elementName(catalog: CatalogSnapshot, array: TypeFacts, element: TypeFacts): string {
  return element.schema === SchemaOid.pgCatalog
    ? dataType(catalog, { ...element, isDomain: false, baseType: array.element })
    : 'USER-DEFINED';
}
