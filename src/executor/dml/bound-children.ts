import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import type { TableTarget } from '../../planner/bind/logical.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import { evaluateExpression } from '../expression/compile-expression.js';
import type { FunctionLibrary } from '../functions/implementation.js';
import { Scope } from '../scope.js';
import { StandaloneCompiler } from '../standalone-compiler.js';
import { compileTarget } from './compiled-target.js';
import { ForeignKeys } from './foreign-keys.js';
import type { ChildWriters } from './referential-actions.js';
import { RowWriter } from './row-writer.js';

/** A table as a change of its rows needs it, bound outside any statement. */
export interface BoundTable {
  readonly target: TableTarget;
  /** Column defaults by number; absent: NULL. */
  defaultOf(number: number): BoundExpr | undefined;
}
export type BindTable = (table: TableDescriptor, cx: ExecutionContext) => BoundTable;

/** A target compiled outside the statement that it runs in shares its frame: its slots begin behind the statement's, which are never that many. */
const STANDALONE_SLOTS = 512;

export class BoundChildren implements ChildWriters {
  readonly #bind: BindTable;
  readonly #library: FunctionLibrary;
  readonly #writers = new Map<Oid, { readonly table: TableDescriptor; readonly bound: BoundTable; readonly writer: RowWriter }>();

  constructor(bind: BindTable, library: FunctionLibrary) {
    this.#bind = bind;
    this.#library = library;
  }

  writer(table: TableDescriptor, cx: ExecutionContext): RowWriter {
    return this.#entry(table, cx).writer;
  }

  defaultOf(table: TableDescriptor, number: number, cx: ExecutionContext): SqlValue {
    const expr = this.#entry(table, cx).bound.defaultOf(number);
    return expr === undefined ? null : evaluateExpression(expr, this.#library, cx);
  }

  #entry(table: TableDescriptor, cx: ExecutionContext) {
    let entry = this.#writers.get(table.oid);
    if (entry === undefined || entry.table !== table) {
      const bound = this.#bind(table, cx);
      entry = { table, bound, writer: new RowWriter(standaloneTarget(bound.target, this.#library), new ForeignKeys(table, this)) };
      this.#writers.set(table.oid, entry);
    }
    return entry;
  }
}

export function standaloneTarget(target: TableTarget, library: FunctionLibrary) {
  return compileTarget(target, new Scope(), new StandaloneCompiler(library, STANDALONE_SLOTS));
}
