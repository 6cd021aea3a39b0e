import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { quoteJson } from '../../../types/json/format.js';
import { jsonbOfEntries } from '../../../types/json/modify.js';
import { Jsonb, type JsonNode } from '../../../types/value.js';
import { sizeOf } from '../aggregates/collecting.js';
import type { AggregateFunction, CallTypes } from '../implementation.js';
import { checkCollectedSize } from '../strings/limits.js';
import { TextBuilder } from '../strings/text-builder.js';
import { argType, type FunctionTable } from '../table.js';
import { isNested, keyOf, toJson, toNode } from './convert.js';

interface Texts {
  text: TextBuilder | undefined;
}

function addItem(state: Texts, open: string, item: string, between = ', '): Texts {
  const isFirst = state.text === undefined;
  state.text ??= new TextBuilder();
  state.text.add(isFirst ? open : between);
  state.text.add(item);
  checkCollectedSize(state.text.length);
  return state;
}

/** json_agg: NULLs are elements too; without rows it is NULL. */
function jsonArray(types: CallTypes): AggregateFunction<Texts> {
  const type = argType(types, 0);
  return {
    strict: false,
    init: () => ({ text: undefined }),
    step: (state, args, cx) => {
      const value = args[0] ?? null;
      const item = toJson(value, type, cx);
      return addItem(state, '[', item, isNested(value) ? ', \n ' : ', ');
    },
    final: (state) => (state.text === undefined ? null : `${state.text.toString()}]`),
    sizeBytes: (state) => (state.text?.length ?? 0) * 2,
  };
}

function missingKey(): SqlError {
  return new SqlError(SqlState.invalidParameterValue, 'field name must not be null');
}

function jsonObject(types: CallTypes): AggregateFunction<Texts> {
  const keyType = argType(types, 0);
  const valueType = argType(types, 1);
  return {
    strict: false,
    init: () => ({ text: undefined }),
    step: (state, args, cx) => {
      const key = args[0] ?? null;
      if (key === null) throw missingKey();
      const member = `${quoteJson(keyOf(key, keyType, cx))} : ${toJson(args[1] ?? null, valueType, cx)}`;
      return addItem(state, '{ ', member);
    },
    final: (state) => (state.text === undefined ? null : `${state.text.toString()} }`),
    sizeBytes: (state) => (state.text?.length ?? 0) * 2,
  };
}

interface Nodes {
  keys: string[];
  values: JsonNode[];
  sizeBytes: number;
}

const noNodes = (): Nodes => ({ keys: [], values: [], sizeBytes: 0 });

function jsonbArray(types: CallTypes): AggregateFunction<Nodes> {
  const type = argType(types, 0);
  return {
    strict: false,
    init: noNodes,
    step: (state, args, cx) => {
      const value = args[0] ?? null;
      state.values.push(toNode(value, type, cx));
      state.sizeBytes += sizeOf(value) + 16;
      return state;
    },
    final: (state) => (state.values.length === 0 ? null : new Jsonb(state.values.slice())),
    sizeBytes: (state) => state.sizeBytes,
  };
}

function jsonbObject(types: CallTypes): AggregateFunction<Nodes> {
  const keyType = argType(types, 0);
  const valueType = argType(types, 1);
  return {
    strict: false,
    init: noNodes,
    step: (state, args, cx) => {
      const key = args[0] ?? null;
      if (key === null) throw missingKey();
      const value = args[1] ?? null;
      state.keys.push(keyOf(key, keyType, cx));
      state.values.push(toNode(value, valueType, cx));
      state.sizeBytes += sizeOf(key) + sizeOf(value) + 32;
      return state;
    },
    final: (state) => (state.keys.length === 0 ? null : jsonbOfEntries(state.keys, state.values)),
    sizeBytes: (state) => state.sizeBytes,
  };
}

export const jsonAggregates: FunctionTable = {
  typedAggregate: {
    'json_agg(2283)': jsonArray,
    'jsonb_agg(2283)': jsonbArray,
    'json_object_agg(2276,2276)': jsonObject,
    'jsonb_object_agg(2276,2276)': jsonbObject,
  },
};
