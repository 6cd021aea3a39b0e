import { createHash } from 'node:crypto';
import type { Seq } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../../types/format-context.js';
import type { Row } from '../../types/value.js';
import { ENTRY_BYTES } from '../live/running.js';
import { changePayload, markedLast, objectText, type PayloadColumn, resyncPayload, valueTexts } from '../payload.js';

/** A column that tells rows apart: its name in payloads' `key`, and where it stands. */
export interface KeyColumnOfRows {
  readonly name: string;
  readonly position: number;
}

/** A row as it was told: each value as JSON. */
interface HeldRow {
  readonly key: string;
  texts: readonly string[];
  /** The run that found it last. */
  run: number;
  /** Rows of that run that are alike. */
  copies: number;
}

const TEXT_BYTES = 24;

/** The rows of a query's last run, by key; the next run is compared with them row by row while it is read. */
export class RefreshedRows {
  readonly #columns: readonly PayloadColumn[];
  readonly #key: readonly KeyColumnOfRows[] | undefined;
  readonly #format: FormatContext;
  readonly #maxBytes: number;
  readonly #rows = new Map<string, HeldRow>();
  #run = 0;
  #seq = 0 as Seq;
  #payloads: string[] = [];
  #payloadBytes = 0;
  #isFirst = true;
  bytes = 0;

  /** @param key undefined: a row is told apart by all of it, and equal rows by a number */
  constructor(columns: readonly PayloadColumn[], key: readonly KeyColumnOfRows[] | undefined, format: FormatContext, maxBytes: number) {
    this.#columns = columns;
    this.#key = key;
    this.#format = format;
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#rows.size;
  }

  begin(seq: Seq): void {
    this.#run++;
    this.#seq = seq;
    this.#payloads = [];
    this.#payloadBytes = 0;
  }

  /** Rows of the run under way. @throws SqlError 54000 */
  add(rows: readonly Row[]): void {
    for (const row of rows) this.#addRow(valueTexts(this.#columns, row, this.#format));
  }

  #addRow(texts: readonly string[]): void {
    let id = this.#idOf(texts);
    let held = this.#rows.get(id);
    if (held?.run === this.#run) {
      id = `${id}#${++held.copies}`;
      held = this.#rows.get(id);
    }
    if (held === undefined) {
      const key = this.#keyOf(id, texts);
      this.#rows.set(id, { key, texts, run: this.#run, copies: 1 });
      this.#hold(ENTRY_BYTES + id.length + bytesOf(texts));
      if (!this.#isFirst) this.#tell(changePayload('insert', this.#seq, key, objectText(this.#columns, texts), undefined));
      return;
    }
    const before = held.texts;
    held.run = this.#run;
    held.copies = 1;
    if (texts.every((text, i) => text === before[i])) return;
    held.texts = texts;
    this.#hold(bytesOf(texts) - bytesOf(before));
    const old = objectText(this.#columns, before, (i) => before[i] !== texts[i]);
    this.#tell(changePayload('update', this.#seq, held.key, objectText(this.#columns, texts), old));
  }

  /** The run has given all its rows. @returns what has changed since the one before; nothing of the first */
  end(): readonly string[] {
    for (const [id, held] of this.#rows) {
      if (held.run === this.#run) continue;
      this.#rows.delete(id);
      this.bytes -= ENTRY_BYTES + id.length + bytesOf(held.texts);
      this.#tell(changePayload('delete', this.#seq, held.key, undefined, objectText(this.#columns, held.texts)));
    }
    this.#isFirst = false;
    const payloads = this.#payloads;
    this.#payloads = [];
    // More to tell than a query may hold: its rows are the shorter message.
    if (this.#payloadBytes > this.#maxBytes) return [resyncPayload(this.#seq)];
    const last = payloads.pop();
    return last === undefined ? payloads : [...payloads, markedLast(last)];
  }

  #tell(payload: string): void {
    this.#payloadBytes += payload.length;
    if (this.#payloadBytes > this.#maxBytes) this.#payloads = [];
    else this.#payloads.push(payload);
  }

  #idOf(texts: readonly string[]): string {
    if (this.#key === undefined) return texts.join(',');
    return this.#key.map(({ position }) => texts[position]).join(',');
  }

  #keyOf(id: string, texts: readonly string[]): string {
    if (this.#key === undefined) return `{"_row":"${createHash('sha256').update(id).digest('hex').slice(0, 32)}"}`;
    const members = this.#key.map(({ name, position }) => `${JSON.stringify(name)}:${texts[position] ?? 'null'}`);
    return `{${members.join(',')}}`;
  }

  #hold(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes <= this.#maxBytes) return;
    throw new SqlError(SqlState.programLimitExceeded, `a live query would hold more than ${this.#maxBytes} bytes`, {
      hint: 'Let it read fewer rows or columns, or raise kalamdb.max_live_query_memory.',
    });
  }
}

function bytesOf(texts: readonly string[]): number {
  let bytes = 0;
  for (const text of texts) bytes += text.length + TEXT_BYTES;
  return bytes;
}
