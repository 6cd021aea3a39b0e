/**
 * A PL/pgSQL function as its reader gives it. Names of variables are resolved to numbers of datums where the language itself
 * has them (targets, cursors); SQL within it is kept as text with the names that are in scope there.
 */
import type { Oid } from '../../../commons/ids.js';
import type { Names } from './names.js';

/** A variable's type. `record` stands for record and every composite type (domains over them too). */
export interface VariableType {
  readonly oid: Oid;
  readonly typmod: number;
  readonly isRecord: boolean;
  readonly collation?: Oid;
}

/** SQL within the body. */
export interface SqlText {
  /** An expression is what stands behind SELECT; an assignment begins with its target. */
  readonly mode: 'expression' | 'statement' | 'assignment';
  readonly text: string;
  /** What is in scope there. */
  readonly names: Names;
  /** An assignment's variable. */
  readonly target?: number;
  /** How many of the target's names are the variable (and the field) itself. */
  readonly targetNames?: number;
}

export interface ScalarVariable {
  readonly kind: 'scalar';
  readonly number: number;
  readonly name: string;
  readonly line: number;
  /** Replaced for CASE's variables when their value is known. */
  readonly type: VariableType;
  readonly isConstant: boolean;
  readonly notNull: boolean;
  readonly default?: SqlText;
  readonly cursor?: BoundCursor;
}
export interface BoundCursor {
  readonly query: SqlText;
  /** Its arguments: the number of a list. */
  readonly argumentList?: number;
  readonly scroll: Scroll;
}
export type Scroll = 'scroll' | 'no scroll' | 'as possible';
export interface RecordVariable {
  readonly kind: 'record';
  readonly number: number;
  readonly name: string;
  readonly line: number;
  readonly type: VariableType;
  readonly isConstant: boolean;
  readonly notNull: boolean;
  readonly default?: SqlText;
}
export interface FieldOfRecord {
  readonly kind: 'field';
  readonly number: number;
  readonly name: string;
  readonly record: number;
}
/** Several variables as one target; OUT parameters; a cursor's arguments. */
export interface VariableList {
  readonly kind: 'list';
  readonly number: number;
  readonly name: string;
  readonly line: number;
  readonly fields: readonly { readonly name: string; readonly number: number }[];
}
export type Datum = ScalarVariable | RecordVariable | FieldOfRecord | VariableList;

/** A record or a list of scalars. */
export type Target = number;

interface At {
  /** From 1. */
  readonly line: number;
}

export interface Block extends At {
  readonly kind: 'block';
  readonly label?: string;
  readonly declared: readonly number[];
  readonly body: readonly PlStatement[];
  readonly exceptions?: Exceptions;
}
export interface Exceptions {
  readonly sqlstate: number;
  readonly sqlerrm: number;
  readonly handlers: readonly Handler[];
}
export interface Handler extends At {
  /** SQLSTATEs that are caught: five characters; those that end in 000 stand for their class; `others`. */
  readonly conditions: readonly string[];
  readonly body: readonly PlStatement[];
}
export interface Assign extends At {
  readonly kind: 'assign';
  readonly variable: number;
  readonly expr: SqlText;
}
export interface If extends At {
  readonly kind: 'if';
  readonly arms: readonly { readonly line: number; readonly condition: SqlText; readonly body: readonly PlStatement[] }[];
  readonly otherwise?: readonly PlStatement[];
}
export interface Case extends At {
  readonly kind: 'case';
  readonly operand?: { readonly expr: SqlText; readonly variable: number };
  readonly arms: readonly { readonly line: number; readonly condition: SqlText; readonly body: readonly PlStatement[] }[];
  readonly otherwise?: readonly PlStatement[];
}
export interface Loop extends At {
  readonly kind: 'loop';
  readonly label?: string;
  readonly body: readonly PlStatement[];
}
export interface While extends At {
  readonly kind: 'while';
  readonly label?: string;
  readonly condition: SqlText;
  readonly body: readonly PlStatement[];
}
export interface ForInteger extends At {
  readonly kind: 'for integer';
  readonly label?: string;
  readonly variable: number;
  readonly lower: SqlText;
  readonly upper: SqlText;
  readonly step?: SqlText;
  readonly reverse: boolean;
  readonly body: readonly PlStatement[];
}
export interface ForQuery extends At {
  readonly kind: 'for query';
  readonly label?: string;
  readonly target: Target;
  readonly query: SqlText;
  readonly body: readonly PlStatement[];
}
export interface ForCursor extends At {
  readonly kind: 'for cursor';
  readonly label?: string;
  readonly target: Target;
  readonly cursor: number;
  readonly args?: SqlText;
  readonly body: readonly PlStatement[];
}
export interface ForExecute extends At {
  readonly kind: 'for execute';
  readonly label?: string;
  readonly target: Target;
  readonly query: SqlText;
  readonly using: readonly SqlText[];
  readonly body: readonly PlStatement[];
}
export interface ForEach extends At {
  readonly kind: 'foreach';
  readonly label?: string;
  readonly variable: number;
  readonly slice: number;
  readonly array: SqlText;
  readonly body: readonly PlStatement[];
}
export interface Exit extends At {
  readonly kind: 'exit';
  readonly isContinue: boolean;
  readonly label?: string;
  readonly condition?: SqlText;
}
export interface Return extends At {
  readonly kind: 'return';
  readonly variable?: number;
  readonly expr?: SqlText;
}
export interface ReturnNext extends At {
  readonly kind: 'return next';
  readonly variable?: number;
  readonly expr?: SqlText;
}
export interface ReturnQuery extends At {
  readonly kind: 'return query';
  readonly query: SqlText;
  /** RETURN QUERY EXECUTE */
  readonly isDynamic: boolean;
  readonly using: readonly SqlText[];
}
export type RaiseLevel = 'EXCEPTION' | 'WARNING' | 'NOTICE' | 'INFO' | 'LOG' | 'DEBUG';
export type RaiseOption = 'errcode' | 'message' | 'detail' | 'hint' | 'column' | 'constraint' | 'datatype' | 'table' | 'schema';
export interface Raise extends At {
  readonly kind: 'raise';
  readonly level: RaiseLevel;
  /** As written: a name or a SQLSTATE. */
  readonly condition?: string;
  readonly message?: string;
  readonly args: readonly SqlText[];
  readonly options: readonly { readonly option: RaiseOption; readonly expr: SqlText }[];
}
export interface Assert extends At {
  readonly kind: 'assert';
  readonly condition: SqlText;
  readonly message?: SqlText;
}
export interface ExecuteSql extends At {
  readonly kind: 'sql';
  readonly sql: SqlText;
  readonly into?: Target;
  readonly strict: boolean;
}
export interface ExecuteDynamic extends At {
  readonly kind: 'execute';
  readonly query: SqlText;
  readonly into?: Target;
  readonly strict: boolean;
  readonly using: readonly SqlText[];
}
export interface Perform extends At {
  readonly kind: 'perform';
  readonly query: SqlText;
}
export interface Call extends At {
  readonly kind: 'call';
  readonly isCall: boolean;
  readonly sql: SqlText;
}
export type DiagnosticItem =
  | 'row_count'
  | 'pg_context'
  | 'pg_exception_context'
  | 'pg_exception_detail'
  | 'pg_exception_hint'
  | 'returned_sqlstate'
  | 'column_name'
  | 'constraint_name'
  | 'pg_datatype_name'
  | 'message_text'
  | 'table_name'
  | 'schema_name';
export interface GetDiagnostics extends At {
  readonly kind: 'get diagnostics';
  readonly stacked: boolean;
  readonly items: readonly { readonly target: number; readonly item: DiagnosticItem }[];
}
export interface Open extends At {
  readonly kind: 'open';
  readonly cursor: number;
  readonly scroll: Scroll;
  /** A bound cursor's arguments, or the query. */
  readonly args?: SqlText;
  readonly query?: SqlText;
  readonly dynamic?: SqlText;
  readonly using: readonly SqlText[];
}
export type FetchDirection = 'forward' | 'backward' | 'absolute' | 'relative';
export interface Fetch extends At {
  readonly kind: 'fetch';
  readonly cursor: number;
  readonly direction: FetchDirection;
  readonly count: number | 'all';
  readonly countExpr?: SqlText;
  /** Absent: MOVE. */
  readonly into?: Target;
}
export interface Close extends At {
  readonly kind: 'close';
  readonly cursor: number;
}
export interface Commit extends At {
  readonly kind: 'commit' | 'rollback';
  readonly chain: boolean;
}

export type PlStatement =
  | Block
  | Assign
  | If
  | Case
  | Loop
  | While
  | ForInteger
  | ForQuery
  | ForCursor
  | ForExecute
  | ForEach
  | Exit
  | Return
  | ReturnNext
  | ReturnQuery
  | Raise
  | Assert
  | ExecuteSql
  | ExecuteDynamic
  | Perform
  | Call
  | GetDiagnostics
  | Open
  | Fetch
  | Close
  | Commit;

export type VariableConflict = 'error' | 'use_variable' | 'use_column';

export interface PlFunction {
  readonly body: Block;
  readonly datums: readonly Datum[];
  readonly variableConflict?: VariableConflict;
  readonly printStrictParams?: boolean;
}
