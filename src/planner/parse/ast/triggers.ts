/** Triggers and rules. */
import type { Expr } from './expressions.js';
import type { Node, QName } from './nodes.js';

export type TriggerEventName = 'insert' | 'update' | 'delete' | 'truncate';

export interface CreateTriggerStatement extends Node {
  readonly type: 'create trigger';
  readonly name: string;
  readonly orReplace?: true;
  readonly relation: QName;
  readonly timing: 'before' | 'after' | 'instead of';
  readonly level: 'row' | 'statement';
  readonly events: readonly TriggerEventName[];
  /** UPDATE OF */
  readonly columns?: readonly string[];
  readonly when?: Expr;
  readonly routine: QName;
  readonly args: readonly string[];
  /** REFERENCING, as written: names of rows are refused later. */
  readonly referencing?: readonly { readonly name: string; readonly isNew: boolean; readonly isTable: boolean }[];
  readonly constraint?: true;
  /** FROM, of a constraint trigger. */
  readonly from?: QName;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
}

/** DROP TRIGGER, RULE or POLICY … ON a relation. */
export interface DropMemberStatement extends Node {
  readonly type: 'drop member';
  readonly objectType: 'trigger' | 'rule' | 'policy';
  readonly relation: QName;
  readonly name: string;
  readonly ifExists?: true;
  readonly cascade?: true;
}

/** ALTER TABLE … ENABLE and DISABLE of triggers and rules. */
export type Firing = 'enable' | 'disable' | 'enable always' | 'enable replica';

/** CREATE RULE: texts are as typed, to be read again wherever the rule applies. */
export interface CreateRuleStatement extends Node {
  readonly type: 'create rule';
  readonly name: string;
  readonly orReplace?: true;
  readonly relation: QName;
  readonly event: 'select' | 'insert' | 'update' | 'delete';
  readonly instead: boolean;
  readonly where?: Expr;
  /** None: NOTHING. */
  readonly actions: readonly { readonly text: string; readonly offset: number }[];
}
