import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { JsonPath } from '../../../types/jsonpath/ast.js';
import { Jsonb, type JsonNode, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { SetFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import { type Item, PathRun, toNode } from './run.js';

const NO_VARIABLES: JsonNode = new Map();

function runOf(value: Jsonb, path: JsonPath, vars: JsonNode, silent: boolean, zoned: boolean, cx: FunctionContext): PathRun {
  return new PathRun(path, value.node, { vars, raise: !silent, zoned, format: cx.format });
}

function query(value: Jsonb, path: JsonPath, vars: Jsonb, silent: boolean, zoned: boolean, cx: FunctionContext): JsonNode[] {
  const found: Item[] = [];
  runOf(value, path, vars.node, silent, zoned, cx).run(found);
  return found.map((item) => toNode(item, cx.format));
}

type PathFunction<T> = (value: Jsonb, path: JsonPath, vars: Jsonb, silent: boolean, cx: FunctionContext) => T;

const exists =
  (zoned: boolean): PathFunction<boolean | null> =>
  (value, path, vars, silent, cx) => {
    const outcome = runOf(value, path, vars.node, silent, zoned, cx).run(undefined);
    return outcome === 'error' ? null : outcome === 'ok';
  };

function matchOf(value: Jsonb, path: JsonPath, vars: JsonNode, silent: boolean, zoned: boolean, cx: FunctionContext): boolean | null {
  const found: Item[] = [];
  runOf(value, path, vars, silent, zoned, cx).run(found);
  const [only] = found;
  if (found.length === 1 && (typeof only === 'boolean' || only === null)) return only;
  if (silent) return null;
  throw new SqlError(SqlState.singletonJsonItemRequired, 'single boolean result is expected');
}

const match =
  (zoned: boolean): PathFunction<boolean | null> =>
  (value, path, vars, silent, cx) =>
    matchOf(value, path, vars.node, silent, zoned, cx);

const queryArray =
  (zoned: boolean): PathFunction<Jsonb> =>
  (value, path, vars, silent, cx) =>
    new Jsonb(query(value, path, vars, silent, zoned, cx));

const queryFirst =
  (zoned: boolean): PathFunction<Jsonb | null> =>
  (value, path, vars, silent, cx) => {
    const [first] = query(value, path, vars, silent, zoned, cx);
    return first === undefined ? null : new Jsonb(first);
  };

const querySet =
  (zoned: boolean): SetFunction =>
  (args: readonly SqlValue[], cx) => {
    const [value, path, vars, silent] = args;
    if (!(value instanceof Jsonb) || !(path instanceof JsonPath) || !(vars instanceof Jsonb)) return [];
    return query(value, path, vars, silent === true, zoned, cx).map((node) => new Jsonb(node));
  };

export const jsonPathFunctions: FunctionTable = {
  scalar: {
    jsonb_path_exists: exists(false),
    jsonb_path_exists_tz: exists(true),
    jsonb_path_exists_opr: (value: Jsonb, path: JsonPath, cx: FunctionContext) => {
      const outcome = runOf(value, path, NO_VARIABLES, true, false, cx).run(undefined);
      return outcome === 'error' ? null : outcome === 'ok';
    },
    jsonb_path_match: match(false),
    jsonb_path_match_tz: match(true),
    jsonb_path_match_opr: (value: Jsonb, path: JsonPath, cx: FunctionContext) => matchOf(value, path, NO_VARIABLES, true, false, cx),
    jsonb_path_query_array: queryArray(false),
    jsonb_path_query_array_tz: queryArray(true),
    jsonb_path_query_first: queryFirst(false),
    jsonb_path_query_first_tz: queryFirst(true),
  },
  set: {
    jsonb_path_query: querySet(false),
    jsonb_path_query_tz: querySet(true),
  },
};
