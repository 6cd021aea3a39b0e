import type { Row } from '../../../types/value.js';
import { schemaName, typeName, viewDefinition } from '../../definitions/index.js';
import { Privilege } from '../../descriptors.js';
import { triggeredEvents, UpdatableEvent, updatableEvents } from '../../updatability.js';
import { Access, roleName } from '../access.js';
import { relationKind, relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { yesNo } from '../values.js';
import { numericPrecision } from './column-type.js';
import { tableTypeOf, visibleRelations } from './relations.js';

export const TABLE_PROVIDERS: Providers = {
  'information_schema.schemata': schemata,
  'information_schema.tables': tables,
  'information_schema.views': views,
  'information_schema.view_table_usage': viewTables,
  'information_schema.sequences': sequences,
};

function* schemata(scan: VirtualScan): Iterable<Row> {
  const access = new Access(scan);
  for (const schema of scan.catalog.schemas())
    if (access.maySchema(schema, Privilege.create | Privilege.usage))
      yield [scan.cx.databaseName, schema.name, roleName(scan.catalog, schema.owner), null, null, null, null];
}

function* tables(scan: VirtualScan): Iterable<Row> {
  for (const { relation, schema } of visibleRelations(scan, new Access(scan)))
    yield [
      scan.cx.databaseName,
      schema,
      relation.name,
      tableTypeOf(scan.catalog, relation),
      null, // self_referencing_column_name
      null, // reference_generation
      null, // user_defined_type_catalog
      null,
      null,
      yesNo((updatableEvents(scan.catalog, relation, false) & UpdatableEvent.insert) !== 0),
      'NO', // is_typed
      null, // commit_action
    ];
}

/** What a view must allow to count as updatable. */
const CHANGE = UpdatableEvent.update | UpdatableEvent.delete;

function* views(scan: VirtualScan): Iterable<Row> {
  const access = new Access(scan);
  for (const { relation, schema } of visibleRelations(scan, access)) {
    if (relationKind(relation) !== 'v') continue;
    const view = relation.kind === 'view' ? relation : undefined;
    const events = updatableEvents(scan.catalog, view, false);
    const triggered = view === undefined ? 0 : triggeredEvents(view);
    yield [
      scan.cx.databaseName,
      schema,
      relation.name,
      view !== undefined && access.hasRole(view.owner) ? viewDefinition(view, scan.cx.texts) : null,
      view?.checkOption?.toUpperCase() ?? 'NONE',
      yesNo((events & CHANGE) === CHANGE),
      yesNo((events & UpdatableEvent.insert) !== 0),
      yesNo((triggered & UpdatableEvent.update) !== 0),
      yesNo((triggered & UpdatableEvent.delete) !== 0),
      yesNo((triggered & UpdatableEvent.insert) !== 0),
    ];
  }
}

/** For the owners of what views read. */
function* viewTables(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  const database = scan.cx.databaseName;
  for (const view of relationsFor(catalog, { schemaName: scan.text('view_schema'), name: scan.text('view_name') })) {
    if (view.kind !== 'view') continue;
    for (const oid of view.dependsOn) {
      const table = catalog.relationByOid(oid);
      if (table !== undefined && access.hasRole(table.owner))
        yield [database, schemaName(catalog, view.schema), view.name, database, schemaName(catalog, table.schema), table.name];
    }
  }
}

function* sequences(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  for (const sequence of relationsFor(catalog, { schemaName: scan.text('sequence_schema'), name: scan.text('sequence_name') })) {
    if (sequence.kind !== 'sequence' || sequence.identity === true) continue;
    if (!access.may(sequence, Privilege.select | Privilege.update | Privilege.usage)) continue;
    yield [
      scan.cx.databaseName,
      schemaName(catalog, sequence.schema),
      sequence.name,
      typeName(catalog, sequence.type),
      numericPrecision(sequence.type, -1),
      2,
      0,
      String(sequence.start),
      String(sequence.min),
      String(sequence.max),
      String(sequence.increment),
      yesNo(sequence.cycle),
    ];
  }
}
