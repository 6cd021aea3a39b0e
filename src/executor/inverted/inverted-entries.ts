import { createHash } from 'node:crypto';
import type { IndexColumn, IndexDescriptor, InvertedClass } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import type { UserId } from '../../commons/ids.js';
import { KeyWriter, keyTypeOf, prefixRange, userPrefix } from '../../store/key-codec.js';
import type { KeyRange } from '../../store/store.js';
import { elementOidOf } from '../../types/oids.js';
import type { SqlValue } from '../../types/value.js';
import { arrayTerms } from './array-terms.js';
import type { InvertedClassCode } from './inverted-class.js';
import { jsonbPathTerms, jsonbTerms } from './jsonb-terms.js';
import { trigramTerms } from './trigram-terms.js';
import { tsvectorTerms } from './tsvector-terms.js';

/**
 * Life of an entry: each term of each column's value makes one, `[user] column term 0 row key`, whose value is the row's key. So the rows of
 * a term lie together in the order of their keys, and sets of them are cut and joined as they are read.
 */
export interface InvertedEntries {
  readonly classes: readonly InvertedClassCode[];
  /** The entries of a row, each once. @param values by index column */
  keys(values: readonly SqlValue[], rowKey: Uint8Array, user: UserId | undefined): readonly Uint8Array[];
  /** What the entries of a term begin with. */
  start(column: number, term: string, kind: 'term' | 'prefix' | 'stored', user: UserId | undefined): Uint8Array;
  /** An entry's term, as it stands there. */
  termOf(entry: Uint8Array, user: UserId | undefined): string;
}

const MAX_TERM = 60;

export function compileInvertedEntries(index: IndexDescriptor): InvertedEntries {
  const classes = index.columns.map((column, i) => codeOf(index.inverted?.[i], column));
  const writer = new KeyWriter();
  const begin = (column: number, user: UserId | undefined): void => {
    writer.reset();
    if (user !== undefined) writer.writeUser(user);
    writer.byte(column);
  };
  return {
    classes,
    keys(values, rowKey, user) {
      const keys: Uint8Array[] = [];
      // The user leads the entry already.
      const row = user === undefined ? rowKey : rowKey.subarray(userPrefix(user).length);
      for (const [column, code] of classes.entries()) {
        const value = values[column] ?? null;
        if (value === null) continue;
        for (const term of new Set(code.terms(value))) {
          begin(column, user);
          writer.text(shortened(term));
          writer.raw(row);
          keys.push(writer.finish());
        }
      }
      return keys;
    },
    start(column, term, kind, user) {
      begin(column, user);
      writer.text(kind === 'term' ? shortened(term) : kind === 'stored' ? term : term.slice(0, MAX_TERM));
      const key = writer.finish();
      return kind === 'prefix' ? key.subarray(0, key.length - 1) : key;
    },
    termOf(entry, user) {
      const from = (user === undefined ? 0 : userPrefix(user).length) + 1;
      return Buffer.from(entry.subarray(from, entry.indexOf(0, from))).toString();
    },
  };
}

/** Rows of all terms that begin with `start`, from a row's key on. */
export function rangeOf(start: Uint8Array, from?: Uint8Array): KeyRange {
  return from === undefined ? prefixRange(start) : { ...prefixRange(start), gte: Buffer.concat([start, from]) };
}

/** Keys have a limit; what is cut off is told apart by its hash. */
function shortened(term: string): string {
  if (term.length <= MAX_TERM) return term;
  return `${term.slice(0, MAX_TERM)}\x03${createHash('md5').update(term).digest('base64url').slice(0, 12)}`;
}

function codeOf(kind: InvertedClass | undefined, column: IndexColumn): InvertedClassCode {
  switch (kind) {
    case 'array': {
      const element = keyTypeOf(elementOidOf(column.storedAs ?? column.type) ?? 0);
      assert(element !== undefined, 'an inverted index over elements without keys');
      return arrayTerms(element);
    }
    case 'jsonb':
      return jsonbTerms;
    case 'jsonb path':
      return jsonbPathTerms;
    case 'tsvector':
      return tsvectorTerms;
    case 'trigram':
      return trigramTerms;
    case undefined:
      assert(false, 'an inverted index names the class of each column');
  }
}
