import { createHash } from 'node:crypto';
import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { isPartitioned } from '../../executor/access/index.js';
import { rowKeyColumns, rowKeyNumbers } from '../../executor/access/row-keys.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import type { OutputColumn, ProjectedColumn } from '../../planner/bind/logical.js';
import { compileKeyDecoder, endOfUser } from '../../store/key-codec.js';
import type { FormatContext } from '../../types/format-context.js';
import { toJsonText } from '../../types/json/to-json.js';
import type { Row, SqlValue } from '../../types/value.js';
import { type PayloadColumn, payloadColumn } from '../payload.js';
import type { RowId } from './live-node.js';

/** What tells a node's rows apart, as a client sees it: the `key` of payloads. */
export type RowIdentity =
  | TableIdentity
  /** A join's: both sides' rows. */
  | {
      readonly kind: 'pair';
      readonly left: RowIdentity;
      readonly right: RowIdentity;
      /** Either side may stand alone: which one is part of the key, since that of both may be of NULLs. */
      readonly isFull?: boolean;
    }
  /** Values of the row itself: groups, distinct rows. */
  | { readonly kind: 'values'; readonly columns: readonly OutputColumn[] }
  /** One of several queries' rows. */
  | { readonly kind: 'branches'; readonly branches: readonly RowIdentity[]; readonly isOneTable: boolean }
  /** Nothing that the client could know. */
  | { readonly kind: 'hidden' };

/** A table's: the primary key, which is in the row's id. */
interface TableIdentity {
  readonly kind: 'table';
  readonly alias: string;
  readonly key: readonly { readonly name: string; readonly type: Oid }[];
  decode(id: RowId): readonly SqlValue[];
}

export const HIDDEN: RowIdentity = Object.freeze({ kind: 'hidden' });

export function idOfKey(key: Uint8Array): RowId {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

export function tableIdentity(table: TableDescriptor, alias: string): RowIdentity {
  const numbers = rowKeyNumbers(table);
  if (numbers.length === 0) return HIDDEN;
  const isOfUser = isPartitioned(table);
  const decoder = compileKeyDecoder(rowKeyColumns(table));
  return {
    kind: 'table',
    alias,
    key: numbers.map((number) => {
      const column = table.columns[number - 1];
      return { name: column?.name ?? '', type: column?.type ?? 0 };
    }),
    decode(id) {
      const key = Buffer.from(id, 'latin1');
      return decoder.decode(key, isOfUser ? endOfUser(key) : 0);
    },
  };
}

// ---------------------------------------------------------------- ids of rows that are made of others

/** Of two rows, either of which may be missing (outer joins). */
export function pairId(left: RowId | undefined, right: RowId | undefined): RowId {
  if (left === undefined) return `-${right ?? ''}`;
  return right === undefined ? `${left.length}.${left}` : `${left.length}+${left}${right}`;
}

function splitPair(id: RowId): { readonly left: RowId | undefined; readonly right: RowId | undefined } {
  if (id.startsWith('-')) return { left: undefined, right: id.slice(1) };
  const [digits = ''] = /^\d+/.exec(id) ?? [];
  const from = digits.length + 1;
  const to = from + Number(digits);
  return { left: id.slice(from, to), right: id[digits.length] === '+' ? id.slice(to) : undefined };
}

export function branchId(branch: number, id: RowId): RowId {
  return `${branch}/${id}`;
}

function splitBranch(id: RowId): { readonly branch: number; readonly id: RowId } {
  const slash = id.indexOf('/');
  return { branch: Number(id.slice(0, slash)), id: id.slice(slash + 1) };
}

// ---------------------------------------------------------------- through projections

/** The identity of rows of which only some columns are left, or are called otherwise. */
export function projectedIdentity(identity: RowIdentity, columns: readonly ProjectedColumn[]): RowIdentity {
  return mappedIdentity(identity, (id) => columns.find(({ expr }) => expr.kind === 'column' && expr.id === id));
}

export function mappedIdentity(identity: RowIdentity, outputOf: (id: ColumnId) => OutputColumn | undefined): RowIdentity {
  switch (identity.kind) {
    case 'table':
    case 'hidden':
      return identity;
    case 'pair':
      return { ...identity, left: mappedIdentity(identity.left, outputOf), right: mappedIdentity(identity.right, outputOf) };
    case 'branches':
      return { ...identity, branches: identity.branches.map((branch) => mappedIdentity(branch, outputOf)) };
    case 'values': {
      // What only stands in for a column has neither a name nor a type of its own.
      const columns = identity.columns.map((column) => {
        const output = outputOf(column.id);
        return output && { ...output, name: output.name === '' ? column.name : output.name, type: column.type };
      });
      return columns.every((column) => column !== undefined) ? { kind: 'values', columns } : HIDDEN;
    }
  }
}

// ---------------------------------------------------------------- as JSON

interface KeyPart {
  readonly qualifier: string;
  readonly name: string;
  readonly json: string;
}

interface KeyOfTable {
  readonly key: readonly PayloadColumn[];
  decode(id: RowId): readonly SqlValue[];
}

/** Writes the `key` of payloads: an object of the key's columns, with their table's name before them where two have the same. */
export class KeyWriter {
  readonly #identity: RowIdentity;
  readonly #positions: ReadonlyMap<ColumnId, number>;
  /** Most queries are of one table: its columns have names of their own. */
  readonly #ofTable: KeyOfTable | undefined;

  constructor(identity: RowIdentity, output: readonly ColumnId[]) {
    this.#identity = identity;
    this.#positions = new Map(output.map((id, position) => [id, position]));
    if (identity.kind === 'table')
      this.#ofTable = { decode: identity.decode, key: identity.key.map(({ name, type }) => payloadColumn(name, type)) };
  }

  #keyOfTable({ decode, key }: KeyOfTable, id: RowId, format: FormatContext): string {
    const values = decode(id);
    let text = '{';
    for (let i = 0; i < key.length; i++) {
      const column = key[i];
      if (column === undefined) continue;
      if (i > 0) text += ',';
      text += `${column.nameJson}:${jsonOf(values[i] ?? null, column.type, format)}`;
    }
    return `${text}}`;
  }

  json(id: RowId, row: Row, format: FormatContext): string {
    if (this.#ofTable !== undefined) return this.#keyOfTable(this.#ofTable, id, format);
    const parts: KeyPart[] = [];
    if (!this.#collect(this.#identity, id, row, format, parts)) return hiddenKey(id, this.#identity);
    const names = counted(parts.map(({ name }) => name));
    const qualified = parts.map(({ qualifier, name }) => (names.get(name) === 1 || qualifier === '' ? name : `${qualifier}.${name}`));
    const seen = new Map<string, number>();
    const members = parts.map(({ json }, i) => {
      const name = qualified[i] ?? '';
      // A table that is read twice under one name, in sub-queries.
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return `${JSON.stringify(before === 0 ? name : `${name}_${before + 1}`)}:${json}`;
    });
    return `{${members.join(',')}}`;
  }

  /** @returns false where a part of the key is not for the client to see */
  #collect(identity: RowIdentity, id: RowId | undefined, row: Row, format: FormatContext, into: KeyPart[]): boolean {
    switch (identity.kind) {
      case 'hidden':
        return false;
      case 'table': {
        const values = id === undefined ? [] : identity.decode(id);
        for (const [i, { name, type }] of identity.key.entries())
          into.push({ qualifier: identity.alias, name, json: jsonOf(values[i] ?? null, type, format) });
        return true;
      }
      case 'pair': {
        const { left, right } = id === undefined ? { left: undefined, right: undefined } : splitPair(id);
        if (!this.#collect(identity.left, left, row, format, into) || !this.#collect(identity.right, right, row, format, into))
          return false;
        if (identity.isFull === true && (left === undefined || right === undefined))
          into.push({ qualifier: '', name: '_only', json: left === undefined ? '"right"' : '"left"' });
        return true;
      }
      case 'branches': {
        if (id === undefined) return false;
        const split = splitBranch(id);
        const branch = identity.branches[split.branch];
        if (branch === undefined || !this.#collect(branch, split.id, row, format, into)) return false;
        if (!identity.isOneTable) into.push({ qualifier: '', name: '_branch', json: String(split.branch) });
        return true;
      }
      case 'values':
        for (const column of identity.columns) {
          const position = this.#positions.get(column.id);
          if (position === undefined) return false;
          const value = row[position] ?? null;
          const json = jsonOf(value, column.type, format);
          into.push({ qualifier: '', name: column.name, json });
          // JSON's null is another value than none.
          if (value !== null && json === 'null') into.push({ qualifier: '', name: '_json', json });
        }
        return true;
    }
  }
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function jsonOf(value: SqlValue, type: Oid, format: FormatContext): string {
  return value === null ? 'null' : toJsonText(value, type, format);
}

/** A table without a primary key has short keys of its own; what is made of more is told by a digest. */
function hiddenKey(id: RowId, identity: RowIdentity): string {
  const bytes = Buffer.from(id, 'latin1');
  const text =
    identity.kind === 'hidden' && bytes.length <= 64 ? bytes.toString('hex') : createHash('sha256').update(id).digest('hex').slice(0, 32);
  return `{"_row":"${text}"}`;
}
