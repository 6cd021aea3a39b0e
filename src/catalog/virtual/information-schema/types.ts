import type { Row, SqlValue } from '../../../types/value.js';
import { schemaName } from '../../definitions/index.js';
import type { CompositeDescriptor, DomainDescriptor } from '../../descriptors.js';
import { Access } from '../access.js';
import type { Providers, VirtualScan } from '../scan.js';
import { typeFacts } from '../type-facts.js';
import { dataType, typeMeasures } from './column-type.js';
import { collationColumns } from './columns.js';

/** What the SQL standard shows of users' types: domains and composite types; enums and ranges are not of the standard. */
export const TYPE_VIEW_PROVIDERS: Providers = {
  'information_schema.domains': domains,
  'information_schema.domain_constraints': domainConstraints,
  'information_schema.domain_udt_usage': domainTypes,
  'information_schema.user_defined_types': compositeTypes,
  'information_schema.attributes': attributes,
};

function* visibleDomains(scan: VirtualScan): Iterable<DomainDescriptor> {
  for (const type of scan.catalog.types()) if (type.form === 'domain') yield type;
}

function* composites(scan: VirtualScan): Iterable<CompositeDescriptor> {
  for (const relation of scan.catalog.relations()) if (relation.kind === 'composite') yield relation;
}

/** data_type … interval_precision of a type, without the columns about character sets, which are always NULL. */
function measures(scan: VirtualScan, type: number, typmod: number, collation: number | undefined): readonly SqlValue[] {
  const facts = typeFacts(scan.catalog, type);
  if (facts === undefined) return new Array<SqlValue>(15).fill(null);
  const [length, octets, precision, radix, scale, datetime, intervalType] = typeMeasures(facts.baseType, typmod);
  return [
    dataType(scan.catalog, facts),
    length ?? null,
    octets ?? null,
    null,
    null,
    null,
    ...collationColumns(scan, collation ?? facts.collation),
    precision ?? null,
    radix ?? null,
    scale ?? null,
    datetime ?? null,
    intervalType ?? null,
    null,
  ];
}

function* domains(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  for (const domain of visibleDomains(scan)) {
    const base = typeFacts(catalog, domain.baseType);
    if (base === undefined) continue;
    yield [
      database,
      schemaName(catalog, domain.schema),
      domain.name,
      ...measures(scan, domain.baseType, domain.typmod, domain.collation),
      domain.defaultText ?? null,
      database,
      schemaName(catalog, base.schema),
      base.name,
      null, // scope_catalog
      null,
      null,
      null, // maximum_cardinality
      '1', // dtd_identifier
    ];
  }
}

function* domainConstraints(scan: VirtualScan): Iterable<Row> {
  const database = scan.cx.databaseName;
  for (const domain of visibleDomains(scan)) {
    const schema = schemaName(scan.catalog, domain.schema);
    for (const { name } of domain.checks) yield [database, schema, name, database, schema, domain.name, 'NO', 'NO'];
  }
}

function* domainTypes(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  const database = scan.cx.databaseName;
  for (const domain of visibleDomains(scan)) {
    const base = typeFacts(catalog, domain.baseType);
    if (base === undefined || base.owner === undefined || !access.hasRole(base.owner)) continue;
    yield [database, schemaName(catalog, base.schema), base.name, database, schemaName(catalog, domain.schema), domain.name];
  }
}

function* compositeTypes(scan: VirtualScan): Iterable<Row> {
  for (const type of composites(scan)) {
    const rest = new Array<SqlValue>(23).fill(null);
    yield [scan.cx.databaseName, schemaName(scan.catalog, type.schema), type.name, 'STRUCTURED', 'YES', null, ...rest];
  }
}

function* attributes(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  for (const type of composites(scan)) {
    for (const column of type.columns) {
      const facts = column.dropped === true ? undefined : typeFacts(catalog, column.type);
      if (facts === undefined) continue;
      yield [
        database,
        schemaName(catalog, type.schema),
        type.name,
        column.name,
        column.number,
        null, // attribute_default
        'YES',
        ...measures(scan, column.type, column.typmod, column.collation),
        database,
        schemaName(catalog, facts.schema),
        facts.name,
        null, // scope_catalog
        null,
        null,
        null, // maximum_cardinality
        String(column.number),
        'NO',
      ];
    }
  }
}
