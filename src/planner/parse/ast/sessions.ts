/** Transactions, settings, prepared statements, cursors, notifications. */
import type { TableLockMode } from '../../../transaction/transaction.js';
import type { Expr } from './expressions.js';
import type { DataTypeDef, Node, QName } from './nodes.js';
import type { SelectStatement } from './queries.js';
import type { Statement } from './statements.js';

export interface TransactionOptions {
  readonly isolationLevel?: 'serializable' | 'repeatable read' | 'read committed' | 'read uncommitted';
  readonly readOnly?: boolean;
  readonly deferrable?: boolean;
}
export interface TransactionStatement extends Node, TransactionOptions {
  readonly type: 'transaction';
  readonly kind:
    | 'begin'
    | 'start'
    | 'commit'
    | 'rollback'
    | 'savepoint'
    | 'release'
    | 'rollback to'
    | 'prepare'
    | 'commit prepared'
    | 'rollback prepared';
  /** AND CHAIN */
  readonly chain?: true;
  /** The savepoint, or the prepared transaction's id. */
  readonly name?: string;
}
export interface SetStatement extends Node {
  readonly type: 'set';
  readonly variable: string;
  readonly scope: 'session' | 'local';
  /** 'value': SET x TO …; 'default': SET x TO DEFAULT; 'reset': RESET x; 'reset all'; 'transaction': SET TRANSACTION …; 'session characteristics'. */
  readonly action: 'value' | 'default' | 'reset' | 'reset all' | 'from current' | 'transaction' | 'snapshot' | 'session characteristics';
  /** Literals as text; a list (search_path) has several. Numbers keep their text. SET TIME ZONE INTERVAL gives `INTERVAL '-3:30'`. */
  readonly values?: readonly SetValue[];
  readonly transaction?: TransactionOptions;
  /** SET TRANSACTION SNAPSHOT. */
  readonly snapshot?: string;
}
export type SetValue = { readonly kind: 'string' | 'number' | 'identifier'; readonly text: string };
export interface ShowStatement extends Node {
  readonly type: 'show';
  /** 'all' for SHOW ALL. */
  readonly variable: string;
}
export interface PrepareStatement extends Node {
  readonly type: 'prepare';
  readonly name: string;
  readonly argTypes?: readonly DataTypeDef[];
  readonly statement: Statement;
  /** As typed, for pg_prepared_statements and errors. */
  readonly text: string;
}
export interface ExecuteStatement extends Node {
  readonly type: 'execute';
  readonly name: string;
  readonly params: readonly Expr[];
}
export interface DeallocateStatement extends Node {
  readonly type: 'deallocate';
  /** Absent: ALL. */
  readonly name?: string;
}
export interface DeclareCursorStatement extends Node {
  readonly type: 'declare cursor';
  readonly name: string;
  readonly scroll?: boolean;
  readonly hold?: true;
  readonly binary?: true;
  readonly insensitive?: true;
  readonly query: SelectStatement;
}
export interface FetchStatement extends Node {
  readonly type: 'fetch';
  readonly move?: true;
  readonly cursor: string;
  readonly direction: 'forward' | 'backward' | 'absolute' | 'relative';
  /** 'all' or a count. */
  readonly count: number | 'all';
}
export interface CloseStatement extends Node {
  readonly type: 'close';
  /** Absent: ALL. */
  readonly cursor?: string;
}
export interface DiscardStatement extends Node {
  readonly type: 'discard';
  readonly target: 'all' | 'plans' | 'sequences' | 'temp';
}
export interface ListenStatement extends Node {
  readonly type: 'listen';
  /** LISTEN takes one identifier in PostgreSQL's grammar; a qualified relation is written LISTEN "app.todos" or through search_path. */
  readonly channel: string;
  /** WITH (…) */
  readonly options?: readonly ListenOption[];
}
export interface ListenOption {
  readonly name: string;
  readonly value: string;
  readonly location: number;
}
export interface UnlistenStatement extends Node {
  readonly type: 'unlisten';
  /** Absent: *. */
  readonly channel?: string;
}
export interface NotifyStatement extends Node {
  readonly type: 'notify';
  readonly channel: string;
  readonly payload?: string;
}
export interface LockTableStatement extends Node {
  readonly type: 'lock table';
  readonly tables: readonly QName[];
  readonly mode: TableLockMode;
  readonly nowait?: true;
}
export interface SetConstraintsStatement extends Node {
  readonly type: 'set constraints';
  /** Absent: ALL. */
  readonly names?: readonly QName[];
  readonly deferred: boolean;
}
export interface CheckpointStatement extends Node {
  readonly type: 'checkpoint';
}
