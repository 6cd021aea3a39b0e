import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { UserId } from '../../commons/ids.js';
import { userId } from '../../commons/ids.js';
import type { Space } from '../../store/store.js';
import type { ReadView } from '../../transaction/transaction.js';
import type { SqlValue } from '../../types/value.js';
import { compileFullDecoder, compileVisibility, isPartitioned } from '../access/index.js';
import { readUserPrefix } from '../access/stored-row.js';
import type { ExecutionContext } from '../context.js';

/** Rows between two looks at cancel and the clock. */
const PIECE_ROWS = 256;

/** A row of any user's: where it lies, whose it is, its values by column number - 1. */
export interface TableRow {
  readonly key: Uint8Array;
  readonly user: UserId | undefined;
  readonly values: SqlValue[];
}

/** All rows of a table, of all users, as they are now: the statement may have waited for the table, and its snapshot may be old. */
export async function* tableRows(table: TableDescriptor, cx: ExecutionContext): AsyncGenerator<readonly TableRow[]> {
  const view = cx.transaction.newestView();
  const stack = isPartitioned(table) ? cx.session.statements.stack : undefined;
  if (stack !== undefined) stack.overAllUsers++;
  try {
    for (const space of cx.access.tableSpaces(table)) yield* rowsOf(table, space, view, cx);
  } finally {
    if (stack !== undefined) stack.overAllUsers--;
    view.release();
  }
}

async function* rowsOf(table: TableDescriptor, space: Space, view: ReadView, cx: ExecutionContext): AsyncGenerator<readonly TableRow[]> {
  const decode = compileFullDecoder(table);
  const visible = compileVisibility(table);
  const partitioned = isPartitioned(table);
  const rowOf = (key: Uint8Array, value: Uint8Array): TableRow => ({
    key,
    user: partitioned ? userId(readUserPrefix(key)) : undefined,
    values: decode(value),
  });
  const batches = view.scanBatches(space, {});
  if (batches !== undefined) {
    try {
      for (let batch = batches.next(); batch !== undefined; batch = batches.next()) {
        const piece: TableRow[] = [];
        for (let i = 0; i < batch.count; i++) {
          const value = batch.value(i);
          if (visible(value, cx)) piece.push(rowOf(new Uint8Array(batch.key(i)), value));
        }
        if (piece.length > 0) yield piece;
        await breathe(cx);
      }
    } finally {
      batches.close();
    }
    return;
  }
  const scan = view.scan(space, {});
  try {
    let piece: TableRow[] = [];
    for (let found = await scan.next(); found; ) {
      if (visible(scan.value, cx)) {
        piece.push(rowOf(scan.key.slice(), scan.value));
        if (piece.length >= PIECE_ROWS) {
          yield piece;
          piece = [];
          await breathe(cx);
        }
      }
      // A promise only where the store has to wait.
      const next = scan.next();
      found = next instanceof Promise ? await next : next;
    }
    if (piece.length > 0) yield piece;
  } finally {
    scan.close();
  }
}

/** Obeys cancel and time-outs, and gives way to other sessions. */
export async function breathe(cx: ExecutionContext): Promise<void> {
  cx.interrupt.check();
  if (cx.interrupt.shouldYield()) await cx.interrupt.turn();
}
