import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { Jsonb, Numeric, type Row, SqlArray, SqlRecord, type SqlValue } from '../../types/value.js';

const ROW_OVERHEAD = 48;
const VALUE_BYTES = 8;
const OBJECT_BYTES = 64;
const NODE_BYTES = 48;

/** What a row holds in memory, roughly: for work_mem. */
export function rowBytes(row: Row): number {
  let bytes = ROW_OVERHEAD + row.length * VALUE_BYTES;
  for (const value of row) {
    if (typeof value === 'string') bytes += 16 + value.length;
    else if (typeof value === 'object' && value !== null) bytes += objectBytes(value);
  }
  return bytes;
}

function objectBytes(value: Exclude<SqlValue, null | boolean | number | bigint | string>): number {
  if (value instanceof Uint8Array) return OBJECT_BYTES + value.length;
  if (value instanceof SqlArray) return OBJECT_BYTES + rowBytes([...value.elements]);
  if (value instanceof SqlRecord) return OBJECT_BYTES + rowBytes([...value.values]);
  if (value instanceof Jsonb) return nodeBytes(value.node);
  return value instanceof Numeric ? OBJECT_BYTES * 2 : OBJECT_BYTES;
}

function nodeBytes(node: Jsonb['node']): number {
  if (typeof node === 'string') return NODE_BYTES + node.length;
  if (Array.isArray(node)) return node.reduce<number>((sum, item) => sum + nodeBytes(item), NODE_BYTES);
  if (node instanceof Map) {
    let bytes = NODE_BYTES;
    for (const [key, value] of node) bytes += key.length + nodeBytes(value);
    return bytes;
  }
  return NODE_BYTES;
}

/** Counts against work_mem. */
export class MemoryBudget {
  readonly #limit: number;
  #used = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** @returns false once the budget is used up */
  add(bytes: number): boolean {
    this.#used += bytes;
    return this.#used <= this.#limit;
  }

  reset(): void {
    this.#used = 0;
  }

  get used(): number {
    return this.#used;
  }
}

/** Where work can't go to disk yet. @param what "a hash join" */
export function outOfWorkMemory(what: string): SqlError {
  return new SqlError(SqlState.outOfMemory, 'out of memory', {
    detail: `${what} needs more memory than work_mem allows.`,
    hint: 'Increase work_mem, or make the statement read fewer rows.',
  });
}
