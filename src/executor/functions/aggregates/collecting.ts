import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { SqlArray, type SqlValue } from '../../../types/value.js';
import type { AggregateFunction } from '../implementation.js';
import { checkCollectedSize } from '../strings/limits.js';
import { TextBuilder } from '../strings/text-builder.js';
import type { FunctionTable } from '../table.js';

/** Roughly what a value holds in memory. */
export function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return 16 + value.length * 2;
  if (value instanceof Uint8Array) return 64 + value.length;
  if (value instanceof SqlArray) return 64 + value.elements.length * 16;
  return typeof value === 'object' && value !== null ? 96 : 8;
}

interface Texts {
  text: TextBuilder | undefined;
}

const stringAggregate: AggregateFunction<Texts> = {
  strict: false,
  init: () => ({ text: undefined }),
  step: (state, args) => {
    const value = args[0];
    if (typeof value !== 'string') return state;
    const delimiter = args[1];
    if (state.text === undefined) state.text = new TextBuilder();
    else if (typeof delimiter === 'string') state.text.add(delimiter);
    state.text.add(value);
    checkCollectedSize(state.text.length);
    return state;
  },
  final: (state) => state.text?.toString() ?? null,
  sizeBytes: (state) => (state.text?.length ?? 0) * 2,
};

interface Chunks {
  chunks: Uint8Array[];
  sizeBytes: number;
}

const byteaAggregate: AggregateFunction<Chunks> = {
  strict: false,
  init: () => ({ chunks: [], sizeBytes: 0 }),
  step: (state, args) => {
    const value = args[0];
    if (!(value instanceof Uint8Array)) return state;
    const delimiter = args[1];
    if (state.chunks.length > 0 && delimiter instanceof Uint8Array) {
      state.chunks.push(delimiter);
      state.sizeBytes += delimiter.length;
    }
    state.chunks.push(value);
    state.sizeBytes += value.length;
    checkCollectedSize(state.sizeBytes);
    return state;
  },
  final: (state) => (state.chunks.length === 0 ? null : Buffer.concat(state.chunks)),
  sizeBytes: (state) => state.sizeBytes,
};

interface Elements {
  elements: SqlValue[];
  sizeBytes: number;
}

const arrayAggregate: AggregateFunction<Elements> = {
  strict: false,
  init: () => ({ elements: [], sizeBytes: 0 }),
  step: (state, args) => {
    const value = args[0] ?? null;
    state.elements.push(value);
    state.sizeBytes += sizeOf(value);
    return state;
  },
  final: (state) => (state.elements.length === 0 ? null : new SqlArray(state.elements.slice())),
  sizeBytes: (state) => state.sizeBytes,
};

interface Slices extends Elements {
  first: SqlArray | undefined;
  count: number;
}

function subscriptError(message: string): SqlError {
  return new SqlError(SqlState.arraySubscriptError, message);
}

/** array_agg(anyarray): arrays of one shape become one with a dimension more. @throws SqlError 22004, 2202E */
const arrayOfArraysAggregate: AggregateFunction<Slices> = {
  strict: false,
  init: () => ({ elements: [], sizeBytes: 0, first: undefined, count: 0 }),
  step: (state, args) => {
    const value = args[0];
    if (!(value instanceof SqlArray)) throw new SqlError(SqlState.nullValueNotAllowed, 'cannot accumulate null arrays');
    if (state.first === undefined) {
      if (value.dimensions.length === 0) throw subscriptError('cannot accumulate empty arrays');
      if (value.dimensions.length >= 6) {
        throw new SqlError(SqlState.programLimitExceeded, 'number of array dimensions (7) exceeds the maximum allowed (6)');
      }
      state.first = value;
    } else if (!sameShape(state.first, value)) {
      throw subscriptError('cannot accumulate arrays of different dimensionality');
    }
    state.count++;
    for (const element of value.elements) {
      state.elements.push(element);
      state.sizeBytes += sizeOf(element);
    }
    return state;
  },
  final: ({ elements, first, count }) =>
    first === undefined ? null : new SqlArray(elements.slice(), [count, ...first.dimensions], [1, ...first.lowerBounds]),
  sizeBytes: (state) => state.sizeBytes,
};

function sameShape(a: SqlArray, b: SqlArray): boolean {
  return (
    a.dimensions.length === b.dimensions.length &&
    a.dimensions.every((size, i) => size === b.dimensions[i] && a.lowerBounds[i] === b.lowerBounds[i])
  );
}

export const collectingAggregates: FunctionTable = {
  aggregate: {
    'string_agg(25,25)': stringAggregate,
    'string_agg(17,17)': byteaAggregate,
    'array_agg(2776)': arrayAggregate,
    'array_agg(2277)': arrayOfArraysAggregate,
  },
};
