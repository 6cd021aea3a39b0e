import type { LargeObjectDescriptor } from '../../catalog/descriptors.js';
import { SpaceName } from '../../commons/space-name.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { compileKeyEncoder } from '../../store/key-codec.js';
import { compileRowDecoder, encodeRow } from '../../store/row-codec.js';
import type { ExecutionContext } from '../context.js';

/**
 * A large object's bytes: rows of a space of its own, one a page and one for the size. A page that is not there, or too short, is filled up
 * with zeros, so that a hole costs nothing. Writes go into the transaction's write set like any other.
 */
const PAGE_BYTES = 8192;
const SIZE_KEY = -1;
/** 4 TB, as in PostgreSQL. */
export const MAX_SIZE = 2 ** 42;
/** What one call may give back. */
const MAX_READ = 2 ** 30 - 1;

const keyOf = compileKeyEncoder([{ type: 'int8', notNull: true }]);
const decode = compileRowDecoder(1, [null]);

type Cx = Pick<ExecutionContext, 'transaction' | 'view' | 'session' | 'interrupt'>;

async function valueAt(object: LargeObjectDescriptor, page: number, cx: Cx): Promise<unknown> {
  const space = cx.session.transactions.store.space(SpaceName.shared(object.storage));
  const key = keyOf([page]);
  const row = cx.transaction.getOwn(space, key) ?? (await cx.view.get(space, key));
  return row === undefined ? undefined : decode(row)[0];
}

function putAt(object: LargeObjectDescriptor, page: number, value: number | Uint8Array, cx: Cx): void {
  cx.transaction.put(cx.session.transactions.store.space(SpaceName.shared(object.storage)), keyOf([page]), encodeRow([value]));
}

export async function sizeOf(object: LargeObjectDescriptor, cx: Cx): Promise<number> {
  return Number((await valueAt(object, SIZE_KEY, cx)) ?? 0);
}

async function pageOf(object: LargeObjectDescriptor, page: number, cx: Cx): Promise<Uint8Array> {
  const value = await valueAt(object, page, cx);
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

/** @throws SqlError 54000 */
export async function readBytes(object: LargeObjectDescriptor, offset: number, length: number, cx: Cx): Promise<Uint8Array> {
  const end = Math.min(await sizeOf(object, cx), offset + length);
  if (end - offset > MAX_READ) throw new SqlError(SqlState.programLimitExceeded, 'large object read request is too large');
  const bytes = new Uint8Array(Math.max(0, end - offset));
  for (let at = offset; at < end; ) {
    const page = Math.floor(at / PAGE_BYTES);
    const within = at - page * PAGE_BYTES;
    const stop = Math.min(end, (page + 1) * PAGE_BYTES);
    bytes.set((await pageOf(object, page, cx)).subarray(within, within + (stop - at)), at - offset);
    at = stop;
    if (cx.interrupt.shouldYield()) await cx.interrupt.turn();
  }
  return bytes;
}

/** Writers of one object come one after the other. @throws SqlError 54000, 25006 */
export async function writeBytes(object: LargeObjectDescriptor, offset: number, data: Uint8Array, cx: Cx): Promise<void> {
  const end = offset + data.length;
  if (end > MAX_SIZE) throw new SqlError(SqlState.invalidParameterValue, `invalid large object write request size: ${data.length}`);
  for (let at = offset; at < end; ) {
    const page = Math.floor(at / PAGE_BYTES);
    const within = at - page * PAGE_BYTES;
    const stop = Math.min(end, (page + 1) * PAGE_BYTES);
    const before = await pageOf(object, page, cx);
    const after = new Uint8Array(Math.max(before.length, within + (stop - at)));
    after.set(before);
    after.set(data.subarray(at - offset, stop - offset), within);
    putAt(object, page, after, cx);
    at = stop;
    if (cx.interrupt.shouldYield()) await cx.interrupt.turn();
  }
  if (end > (await sizeOf(object, cx))) putAt(object, SIZE_KEY, end, cx);
}

/** Cuts it off, or makes it longer with zeros. */
export async function truncateTo(object: LargeObjectDescriptor, size: number, cx: Cx): Promise<void> {
  const before = await sizeOf(object, cx);
  for (let page = Math.floor(size / PAGE_BYTES); page * PAGE_BYTES < before; page++) {
    const bytes = await pageOf(object, page, cx);
    const kept = Math.max(0, size - page * PAGE_BYTES);
    if (bytes.length > kept) putAt(object, page, bytes.slice(0, kept), cx);
    if (cx.interrupt.shouldYield()) await cx.interrupt.turn();
  }
  putAt(object, SIZE_KEY, size, cx);
}
