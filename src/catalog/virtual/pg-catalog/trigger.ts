import type { Row } from '../../../types/value.js';
import type { TriggerDescriptor } from '../../descriptors.js';
import { ownTriggers, triggersOfTree } from '../../tree-triggers.js';
import { relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { vector } from '../values.js';

export const TRIGGER_PROVIDERS: Providers = { 'pg_catalog.pg_trigger': triggers };

/** Users' triggers: what keeps constraints here is none. */
function* triggers(scan: VirtualScan): Iterable<Row> {
  const wanted = scan.number('oid');
  for (const relation of relationsFor(scan.catalog, { oid: scan.number('tgrelid') })) {
    if (relation.kind !== 'table' && relation.kind !== 'view') continue;
    for (const { trigger, parent } of relation.kind === 'view' ? ownTriggers(relation) : triggersOfTree(relation, scan.catalog)) {
      if (wanted === undefined || trigger.oid === wanted) yield triggerRow(relation.oid, trigger, parent);
    }
  }
}

const EVENT_BITS = { insert: 4, delete: 8, update: 16, truncate: 32 } as const;
const ROW = 1;
const TIMING_BITS = { before: 2, after: 0, 'instead of': 64 } as const;
export const FIRING_LETTERS = { disabled: 'D', always: 'A', replica: 'R' } as const;

export function triggerType({ level, timing, events }: TriggerDescriptor): number {
  let bits: number = (level === 'row' ? ROW : 0) | TIMING_BITS[timing];
  for (const event of events) bits |= EVENT_BITS[event];
  return bits;
}

function triggerRow(relation: number, trigger: TriggerDescriptor, parent: number): Row {
  return [
    trigger.oid,
    relation,
    parent,
    trigger.name,
    trigger.routine,
    triggerType(trigger),
    trigger.firing === undefined ? 'O' : FIRING_LETTERS[trigger.firing],
    false, // tgisinternal
    trigger.constraintTable ?? 0,
    0, // tgconstrindid
    trigger.constraint ?? 0,
    trigger.deferrable === true,
    trigger.initiallyDeferred === true,
    trigger.args.length,
    vector(trigger.columns ?? []),
    Buffer.from(trigger.args.map((arg) => `${arg}\0`).join(''), 'utf8'),
    trigger.whenText ?? null,
    trigger.oldTable ?? null,
    trigger.newTable ?? null,
  ];
}
