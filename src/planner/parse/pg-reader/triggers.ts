import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { nameOf, relationName, strings } from './names.js';
import { listItems } from './operators.js';
import { type Mutable, nonEmpty, type Reader } from './reader.js';

/** PostgreSQL's TRIGGER_TYPE bits. */
const BEFORE = 2;
const INSTEAD = 64;
const EVENTS: readonly (readonly [number, ast.TriggerEventName])[] = [
  [4, 'insert'],
  [8, 'delete'],
  [16, 'update'],
  [32, 'truncate'],
];

export function createTrigger(node: pg.CreateTrigStmt, reader: Reader): ast.Statement {
  const timing = node.timing ?? 0;
  const trigger: Mutable<ast.CreateTriggerStatement> = {
    type: 'create trigger',
    name: node.trigname ?? '',
    relation: relationName(node.relation, reader),
    timing: timing === BEFORE ? 'before' : timing === INSTEAD ? 'instead of' : 'after',
    level: node.row ? 'row' : 'statement',
    events: EVENTS.flatMap(([bit, event]) => (((node.events ?? 0) & bit) === 0 ? [] : [event])),
    routine: nameOf(node.funcname),
    args: strings(node.args),
  };
  if (node.replace) trigger.orReplace = true;
  if (nonEmpty(node.columns)) trigger.columns = strings(node.columns);
  if (node.whenClause !== undefined) trigger.when = reader.expr(node.whenClause);
  if (nonEmpty(node.transitionRels)) trigger.referencing = node.transitionRels.map(transition);
  if (node.isconstraint) trigger.constraint = true;
  if (node.constrrel !== undefined) trigger.from = relationName(node.constrrel, reader);
  if (node.deferrable) trigger.deferrable = true;
  if (node.initdeferred) trigger.initiallyDeferred = true;
  return trigger;
}

function transition(node: pg.Node): { readonly name: string; readonly isNew: boolean; readonly isTable: boolean } {
  assert('TriggerTransition' in node, 'REFERENCING has transitions');
  const { name, isNew, isTable } = node.TriggerTransition;
  return { name: name ?? '', isNew: isNew === true, isTable: isTable === true };
}

/** DROP TRIGGER, RULE and POLICY: the grammar takes one at a time. */
export function dropMember(node: pg.DropStmt, objectType: ast.DropMemberStatement['objectType']): ast.Statement {
  const parts = listItems(node.objects?.[0]);
  const drop: Mutable<ast.DropMemberStatement> = {
    type: 'drop member',
    objectType,
    relation: nameOf(parts.slice(0, -1)),
    name: strings(parts.slice(-1)).join(),
  };
  if (node.missing_ok) drop.ifExists = true;
  if (node.behavior === 'DROP_CASCADE') drop.cascade = true;
  return drop;
}
