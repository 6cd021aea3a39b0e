import { readFileSync } from 'node:fs';
import { assert } from '../../commons/assert.js';

/** A row's value in src/catalog/data/*.json; a row's trailing nulls are left out, hence undefined. */
export type Cell = string | number | boolean | null | readonly number[] | readonly string[] | undefined;
export type DataRow = readonly Cell[];

interface DataFile {
  readonly columns: readonly string[];
  readonly rows: readonly DataRow[];
}

/** Reads a file that scripts/generate-catalog.mjs wrote. @param columns what the caller's decoder counts on, in this order */
export function readDataFile(name: string, columns: string): readonly DataRow[] {
  return rowsOf(readJson(name) as DataFile, name, columns);
}

/** Reads a file that scripts/generate-extensions.mjs wrote: several tables. */
export function readDataTables(name: string): (table: string, columns: string) => readonly DataRow[] {
  const tables = readJson(name) as Readonly<Record<string, DataFile>>;
  return (table, columns) => {
    const file = tables[table];
    assert(file !== undefined, `src/catalog/data/${name}.json has no ${table}`);
    return rowsOf(file, `${name} (${table})`, columns);
  };
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../data/${name}.json`, import.meta.url), 'utf8'));
}

function rowsOf(file: DataFile, name: string, columns: string): readonly DataRow[] {
  assert(file.columns.join(' ') === columns, `src/catalog/data/${name} has other columns than its decoder`);
  return file.rows;
}

export function numberIn(cell: Cell): number {
  assert(typeof cell === 'number', 'catalog data: not a number');
  return cell;
}

export function textIn(cell: Cell): string {
  assert(typeof cell === 'string', 'catalog data: not a text');
  return cell;
}

export function optionalTextIn(cell: Cell): string | undefined {
  return cell === null || cell === undefined ? undefined : textIn(cell);
}

export function booleanIn(cell: Cell): boolean {
  assert(typeof cell === 'boolean', 'catalog data: not a boolean');
  return cell;
}

/** A one-letter code: the generator copies PostgreSQL's, whose alphabet is the type parameter's. */
export function codeIn<Code extends string>(cell: Cell): Code {
  return textIn(cell) as Code;
}

export function numbersIn(cell: Cell): readonly number[] {
  assert(Array.isArray(cell), 'catalog data: not a list');
  return cell as readonly number[];
}

export function optionalNumbersIn(cell: Cell): readonly number[] | undefined {
  return cell === null || cell === undefined ? undefined : numbersIn(cell);
}

export function optionalTextsIn<Text extends string = string>(cell: Cell): readonly Text[] | undefined {
  if (cell === null || cell === undefined) return undefined;
  assert(Array.isArray(cell), 'catalog data: not a list');
  return cell as readonly Text[];
}
