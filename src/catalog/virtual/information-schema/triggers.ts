import type { Row } from '../../../types/value.js';
import { parenthesized } from '../../definitions/expression-text.js';
import { triggerCall } from '../../definitions/trigger-definition.js';
import { Privilege, type TriggerDescriptor } from '../../descriptors.js';
import { Access } from '../access.js';
import type { Providers, VirtualScan } from '../scan.js';
import { visibleRelations } from './relations.js';

export const TRIGGER_VIEW_PROVIDERS: Providers = {
  'information_schema.triggers': triggers,
  'information_schema.triggered_update_columns': updateColumns,
};

const CHANGES = Privilege.insert | Privilege.update | Privilege.delete | Privilege.truncate | Privilege.references | Privilege.trigger;
/** The standard knows no TRUNCATE triggers. */
const EVENTS = ['insert', 'delete', 'update'] as const;

function* withTriggers(scan: VirtualScan) {
  for (const { relation, schema } of visibleRelations(scan, new Access(scan), CHANGES)) {
    if ((relation.kind === 'table' || relation.kind === 'view') && relation.triggers !== undefined) {
      yield { relation, schema, list: relation.triggers };
    }
  }
}

function* triggers(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  for (const { relation, schema, list } of withTriggers(scan)) {
    for (const trigger of list) {
      for (const event of EVENTS) {
        if (!trigger.events.includes(event)) continue;
        const before = list.filter((other) => isAlike(other, trigger) && other.events.includes(event) && other.name < trigger.name);
        yield [
          database,
          schema,
          trigger.name,
          event.toUpperCase(),
          database,
          schema,
          relation.name,
          before.length + 1,
          trigger.whenText === undefined ? null : parenthesized(trigger.whenText),
          `EXECUTE FUNCTION ${triggerCall(catalog, trigger, { isRoutineVisible: () => true })}`,
          trigger.level.toUpperCase(),
          trigger.timing.toUpperCase(),
          trigger.oldTable ?? null,
          trigger.newTable ?? null,
          null, // action_reference_old_row
          null,
          null, // created
        ];
      }
    }
  }
}

function isAlike(a: TriggerDescriptor, b: TriggerDescriptor): boolean {
  return a.level === b.level && a.timing === b.timing;
}

function* updateColumns(scan: VirtualScan): Iterable<Row> {
  const database = scan.cx.databaseName;
  for (const { relation, schema, list } of withTriggers(scan)) {
    for (const trigger of list) {
      for (const number of trigger.columns ?? []) {
        const column = relation.columns[number - 1]?.name ?? null;
        yield [database, schema, trigger.name, database, schema, relation.name, column];
      }
    }
  }
}
