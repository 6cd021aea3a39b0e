import { createHash } from 'node:crypto';
import pg from 'pg';
import type { LogicRecord, QueryRecord, StatementRecord } from './script.js';

export interface Failure {
  readonly line: number;
  readonly sql: string;
  readonly expected: string;
  readonly actual: string;
}

type Rows = readonly (readonly (string | null)[])[];
const asText = { getTypeParser: () => (value: unknown) => value };

/** Runs records one after the other on a connection. */
export class LogicRunner {
  readonly #client: pg.Client;
  /** The first answer of each label: later ones must be the same. */
  readonly #labels = new Map<string, string>();
  #threshold = 0;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async run(record: LogicRecord): Promise<Failure | undefined> {
    switch (record.kind) {
      case 'hash-threshold':
        this.#threshold = record.count;
        return undefined;
      case 'statement':
        return this.#statement(record);
      case 'query':
        return this.#query(record);
    }
  }

  /** What a query gives, in the lines that a script has below `----`. */
  async lines(record: QueryRecord): Promise<readonly string[]> {
    const rows = await this.#rows(record.sql);
    const values = valuesOf(rows, record);
    if (this.#threshold > 0 && values.length > this.#threshold) return [hashLine(values)];
    return values;
  }

  async #statement({ line, sql, error }: StatementRecord): Promise<Failure | undefined> {
    const expected = error === undefined ? 'success' : `an error like ${error}`;
    try {
      await this.#client.query(sql);
      return error === undefined ? undefined : { line, sql, expected, actual: 'success' };
    } catch (raised) {
      const text = messageOf(raised);
      return error?.test(text) ? undefined : { line, sql, expected, actual: text };
    }
  }

  async #query(record: QueryRecord): Promise<Failure | undefined> {
    const { line, sql, expected, label } = record;
    const failure = (actual: string): Failure => ({ line, sql, expected: expected.join('\n'), actual });
    let rows: Rows;
    try {
      rows = await this.#rows(sql);
    } catch (error) {
      return failure(messageOf(error));
    }
    const values = valuesOf(rows, record);
    if (label !== undefined) {
      const known = this.#labels.get(label);
      if (known === undefined) this.#labels.set(label, values.join('\n'));
      else if (known !== values.join('\n')) return failure(`another answer than the first of label ${label}: ${values.join(' ')}`);
    }
    const [first = ''] = expected;
    if (/^\d+ values hashing to [0-9a-f]{32}$/.test(first)) return hashLine(values) === first ? undefined : failure(hashLine(values));
    if (sameLines(values, expected)) return undefined;
    // Other writers of the format put a row on a line.
    if (rows.length === expected.length && sameLines(rowLines(rows, record), expected.map(squeezed))) return undefined;
    return failure(values.join('\n'));
  }

  async #rows(sql: string): Promise<Rows> {
    const result = await this.#client.query({ text: sql, rowMode: 'array', types: asText });
    return result.rows;
  }
}

/** By its column's letter: I an integer, R three decimals, T as it is; unprintable characters are `@`. */
function written(value: string | null, type: string): string {
  if (value === null) return 'NULL';
  if (type === 'I') return value === 't' ? '1' : value === 'f' ? '0' : String(Math.trunc(Number(value)));
  if (type === 'R') return Number(value).toFixed(3);
  return value === '' ? '(empty)' : value.replaceAll(/[^\x20-\x7e\u0080-\uffff]/g, '@');
}

function valuesOf(rows: Rows, { types, sorting }: QueryRecord): readonly string[] {
  const texts = rows.map((row) => row.map((value, i) => written(value, types[i] ?? 'T')));
  if (sorting === 'rowsort') texts.sort((a, b) => compareTexts(a.join('\n'), b.join('\n')));
  const values = texts.flat();
  return sorting === 'valuesort' ? values.sort(compareTexts) : values;
}

function rowLines(rows: Rows, { types, sorting }: QueryRecord): readonly string[] {
  const lines = rows.map((row) => squeezed(row.map((value, i) => written(value, types[i] ?? 'T')).join(' ')));
  return sorting === 'nosort' ? lines : lines.sort(compareTexts);
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const squeezed = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');
const sameLines = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((line, i) => line === b[i]);

function hashLine(values: readonly string[]): string {
  const hash = createHash('md5');
  for (const value of values) hash.update(`${value}\n`);
  return `${values.length} values hashing to ${hash.digest('hex')}`;
}

const messageOf = (error: unknown): string => (error instanceof pg.DatabaseError ? `${error.code}: ${error.message}` : String(error));
