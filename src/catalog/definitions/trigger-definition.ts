import type { CatalogSnapshot } from '../catalog.js';
import type { TableDescriptor, TriggerDescriptor, TriggerEvent, ViewDescriptor } from '../descriptors.js';
import { parenthesized } from './expression-text.js';
import { columnName, qualifiedName, quoteIdentifier, quoteLiteral, relationName } from './identifiers.js';
import type { DefinitionOptions } from './index-definition.js';

const TIMING = { before: 'BEFORE', after: 'AFTER', 'instead of': 'INSTEAD OF' } as const;
const EVENTS: readonly TriggerEvent[] = ['insert', 'delete', 'update', 'truncate'];

/** pg_get_triggerdef: the CREATE TRIGGER statement. Without `pretty` the relation's name always has its schema. */
export function triggerDefinition(
  catalog: CatalogSnapshot,
  relation: TableDescriptor | ViewDescriptor,
  trigger: TriggerDescriptor,
  options: DefinitionOptions = {},
): string {
  const isVisible = options.pretty === true ? options.isVisible : undefined;
  const events = EVENTS.filter((event) => trigger.events.includes(event)).map((event) => {
    const columns = event === 'update' ? trigger.columns : undefined;
    const of = columns === undefined ? '' : ` OF ${columns.map((number) => quoteIdentifier(columnName(relation, number))).join(', ')}`;
    return `${event.toUpperCase()}${of}`;
  });
  const parts = [
    `CREATE ${trigger.constraint === undefined ? '' : 'CONSTRAINT '}TRIGGER ${quoteIdentifier(trigger.name)}`,
    `${TIMING[trigger.timing]} ${events.join(' OR ')}`,
    `ON ${relationName(catalog, relation, isVisible)}`,
  ];
  if (trigger.constraint !== undefined) {
    const other = trigger.constraintTable === undefined ? undefined : catalog.relationByOid(trigger.constraintTable);
    if (other !== undefined) parts.push(`FROM ${relationName(catalog, other, isVisible)}`);
    parts.push(
      `${trigger.deferrable === true ? '' : 'NOT '}DEFERRABLE INITIALLY ${trigger.initiallyDeferred === true ? 'DEFERRED' : 'IMMEDIATE'}`,
    );
  }
  if (trigger.oldTable !== undefined || trigger.newTable !== undefined) {
    parts.push('REFERENCING');
    if (trigger.oldTable !== undefined) parts.push(`OLD TABLE AS ${quoteIdentifier(trigger.oldTable)}`);
    if (trigger.newTable !== undefined) parts.push(`NEW TABLE AS ${quoteIdentifier(trigger.newTable)}`);
  }
  parts.push(`FOR EACH ${trigger.level.toUpperCase()}`);
  if (trigger.whenText !== undefined) {
    const text = options.texts?.triggerCondition(trigger.whenText, relation, options) ?? parenthesized(trigger.whenText);
    parts.push(`WHEN (${text})`);
  }
  parts.push(`EXECUTE FUNCTION ${triggerCall(catalog, trigger, options)}`);
  return parts.join(' ');
}

/** `f('a', 'b')` */
export function triggerCall(catalog: CatalogSnapshot, { routine, args }: TriggerDescriptor, options: DefinitionOptions = {}): string {
  const builtin = catalog.builtin.procByOid(routine);
  const proc = catalog.routine(routine) ?? (builtin === undefined ? undefined : { name: builtin.name, schema: builtin.namespace });
  const isVisible = proc === undefined || options.isRoutineVisible?.(proc) === true;
  const name = isVisible ? quoteIdentifier(proc?.name ?? '???') : qualifiedName(catalog, proc);
  return `${name}(${args.map(quoteLiteral).join(', ')})`;
}
