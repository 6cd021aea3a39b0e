import type { Oid, Seq, UserId } from '../commons/ids.js';
import type { FormatContext } from '../types/format-context.js';
import { toJsonText } from '../types/json/to-json.js';
import type { SqlValue } from '../types/value.js';

/** A column of a payload: its name as a JSON string once, its type. */
export interface PayloadColumn {
  readonly nameJson: string;
  readonly type: Oid;
}

export function payloadColumn(name: string, type: Oid): PayloadColumn {
  return { nameJson: JSON.stringify(name), type };
}

/** Each value as JSON text, as PostgreSQL's to_json words it. */
export function valueTexts(columns: readonly PayloadColumn[], values: readonly SqlValue[], format: FormatContext): string[] {
  return columns.map((column, i) => {
    const value = values[i] ?? null;
    return value === null ? 'null' : toJsonText(value, column.type, format);
  });
}

/** Of all columns. */
export function rowText(columns: readonly PayloadColumn[], values: readonly SqlValue[], format: FormatContext): string {
  let text = '{';
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    if (column === undefined) continue;
    const value = values[i] ?? null;
    text += `${i > 0 ? ',' : ''}${column.nameJson}:${value === null ? 'null' : toJsonText(value, column.type, format)}`;
  }
  return `${text}}`;
}

export function objectText(columns: readonly PayloadColumn[], texts: readonly string[], only?: (i: number) => boolean): string {
  let text = '{';
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    if (column === undefined || (only !== undefined && !only(i))) continue;
    if (text.length > 1) text += ',';
    text += `${column.nameJson}:${texts[i] ?? 'null'}`;
  }
  return `${text}}`;
}

/** The payload of one change (ARCHITECTURE.md, "Live queries"): an update's `old` has the changed columns only, a delete's all. */
export function changePayload(
  op: 'insert' | 'update' | 'delete',
  seq: Seq,
  key: string,
  row: string | undefined,
  old: string | undefined,
  order?: string,
): string {
  let text = `{"op":"${op}","seq":"${seq}","key":${key}`;
  if (row !== undefined) text += `,"row":${row}`;
  if (order !== undefined) text += `,"order":"${order}"`;
  if (old !== undefined) text += `,"old":${old}`;
  return `${text}}`;
}

/** The last change of a commit says so: from here on the client's rows are those of that commit. */
export function markedLast(payload: string): string {
  return `${payload.slice(0, -1)},"last":true}`;
}

/** Whose rows it is about, for who listens for several. */
export function payloadOf(user: UserId, payload: string): string {
  return `{"user":${JSON.stringify(user)},${payload.slice(1)}`;
}

/** What kalamdb.changes ends with: the rows are now those of that commit. */
export const currentPayload = (seq: Seq): string => `{"op":"current","seq":"${seq}"}`;

/** kalamdb.live_batch: all changes of a commit in one. */
export function batchPayload(payloads: readonly string[]): string {
  return `[${payloads.join(',')}]`;
}

/** The client was too slow, or the rows changed as a whole: it must read its query again. */
export const resyncPayload = (seq: Seq): string => `{"op":"resync","seq":"${seq}"}`;

/** The live query is over. */
export const endPayload = (reason: string): string => `{"op":"end","reason":${JSON.stringify(reason)}}`;
