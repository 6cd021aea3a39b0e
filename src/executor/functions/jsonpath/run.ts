import { SqlError } from '../../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../../commons/sqlstates.js';
import { parseFloat8 } from '../../../types/float.js';
import type { FormatContext } from '../../../types/format-context.js';
import { isArray, isObject, objectOf, typeOfNode } from '../../../types/json/node.js';
import type { JsonPath, PathNode } from '../../../types/jsonpath/ast.js';
import { numericAbs } from '../../../types/numeric/arithmetic.js';
import { numericOfFloat8, numericToFloat8, numericToInt4 } from '../../../types/numeric/conversions.js';
import { numericOfInteger } from '../../../types/numeric/numeric.js';
import { numericCeil, numericFloor, numericTruncate } from '../../../types/numeric/rounding.js';
import { type JsonNode, Numeric } from '../../../types/value.js';
import { arithmetic, signed } from './arithmetic.js';
import { DateTimeItem, dateTimeText, dateTimeType, readDateTime, readDateTimeBy } from './datetime.js';
import { compareItems, matchesRegex, startsWith } from './predicates.js';

export type Item = JsonNode | DateTimeItem;
export type Truth = boolean | 'unknown';
/** 'error' comes up only where errors are not raised. */
export type Outcome = 'ok' | 'not found' | 'error';

/** Where results go; undefined: only whether there are any is asked for. */
type Found = Item[] | undefined;

export interface PathOptions {
  /** The object of variables. */
  readonly vars: JsonNode;
  readonly raise: boolean;
  /** Whether comparisons of dates and times may use the session's time zone. */
  readonly zoned: boolean;
  readonly format: FormatContext;
}

/**
 * One run of a path over a document, by the rules of PostgreSQL's jsonpath: lax mode unwraps arrays and forgives missing members; in
 * filters errors make a condition unknown.
 */
export class PathRun {
  readonly #lax: boolean;
  readonly #path: JsonPath;
  readonly #root: JsonNode;
  readonly #options: PathOptions;
  #raise: boolean;
  #forgiving: boolean;
  #current: Item;
  #arraySize = -1;
  #base: JsonNode;
  #baseId = 0;
  #lastId = 1;

  constructor(path: JsonPath, root: JsonNode, options: PathOptions) {
    this.#path = path;
    this.#lax = path.lax;
    this.#forgiving = path.lax;
    this.#root = root;
    this.#current = root;
    this.#base = root;
    this.#options = options;
    this.#raise = options.raise;
    if (!isObject(options.vars)) {
      throw new SqlError(SqlState.invalidParameterValue, '"vars" argument is not an object', {
        detail: 'Jsonpath parameters should be encoded as key-value pairs of "vars" object.',
      });
    }
  }

  run(found: Found): Outcome {
    if (this.#lax || found !== undefined) return this.#execute(this.#path.root, this.#root, found);
    // In strict mode all has to be looked at, since an error may come behind the first result.
    const all: Item[] = [];
    const outcome = this.#execute(this.#path.root, this.#root, all);
    return outcome === 'error' ? outcome : all.length === 0 ? 'not found' : 'ok';
  }

  #fail(code: SqlStateCode, message: string): 'error' {
    if (this.#raise) throw new SqlError(code, message);
    return 'error';
  }

  /** A structural error: forgiven in lax mode. */
  #structural(code: SqlStateCode, message: string): Outcome {
    return this.#forgiving ? 'not found' : this.#fail(code, message);
  }

  #execute(node: PathNode, item: Item, found: Found): Outcome {
    return this.#step(node, item, found, this.#lax);
  }

  #next(node: PathNode, item: Item, found: Found): Outcome {
    if (node.next !== undefined) return this.#execute(node.next, item, found);
    found?.push(item);
    return 'ok';
  }

  #step(node: PathNode, item: Item, found: Found, unwrap: boolean): Outcome {
    switch (node.kind) {
      case 'logic':
      case 'comparison':
      case 'not':
      case 'is unknown':
      case 'exists':
      case 'starts with':
      case 'like regex': {
        const truth = this.#truth(node, item);
        return this.#next(node, truth === 'unknown' ? null : truth, found);
      }
      case 'root':
        this.#base = this.#root;
        this.#baseId = 0;
        return this.#next(node, this.#root, found);
      case 'current':
        return this.#next(node, this.#current, found);
      case 'null':
        return this.#next(node, null, found);
      case 'boolean':
      case 'numeric':
        return this.#next(node, node.value, found);
      case 'string':
        return this.#next(node, node.text, found);
      case 'variable':
        return this.#next(node, this.#variable(node.text), found);
      case 'last':
        return this.#next(node, numericOfInteger(this.#arraySize - 1), found);
      case 'key':
        return this.#key(node, node.text, item, found, unwrap);
      case 'any key':
        if (!isDate(item) && isObject(item)) return this.#descend(node.next, item, found, 1, 1, 1, false, this.#lax);
        if (unwrap && !isDate(item) && isArray(item)) return this.#unwrapped(node, item, found);
        return this.#structural(SqlState.jsonObjectNotFound, 'jsonpath wildcard member accessor can only be applied to an object');
      case 'any array':
        if (!isDate(item) && isArray(item)) return this.#descend(node.next, item, found, 1, 1, 1, false, this.#lax);
        if (this.#lax) return this.#next(node, item, found);
        return this.#structural(SqlState.jsonArrayNotFound, 'jsonpath wildcard array accessor can only be applied to an array');
      case 'index':
        return this.#index(node, item, found);
      case 'any':
        return this.#any(node, node.first < 0 ? Infinity : node.first, node.last < 0 ? Infinity : node.last, item, found);
      case 'filter': {
        if (unwrap && !isDate(item) && isArray(item)) return this.#unwrapped(node, item, found);
        const outer = this.#current;
        this.#current = item;
        const truth = this.#truth(node.arg, item);
        this.#current = outer;
        return truth === true ? this.#next(node, item, found) : 'not found';
      }
      case 'arithmetic':
        return this.#arithmetic(node, item, found);
      case 'sign':
        return this.#sign(node, item, found);
      case 'method':
        return this.#method(node, item, found, unwrap);
      case 'datetime':
        return this.#datetime(node, node.template, item, found, unwrap);
    }
  }

  #variable(name: string): JsonNode {
    const { vars } = this.#options;
    const value = isObject(vars) ? vars.get(name) : undefined;
    if (value === undefined) throw new SqlError(SqlState.undefinedObject, `could not find jsonpath variable "${name}"`);
    this.#base = vars;
    this.#baseId = 1;
    return value;
  }

  #key(node: PathNode, key: string, item: Item, found: Found, unwrap: boolean): Outcome {
    if (!isDate(item) && isObject(item)) {
      const value = item.get(key);
      if (value !== undefined) return this.#next(node, value, found);
      return this.#structural(SqlState.jsonMemberNotFound, `JSON object does not contain key "${key}"`);
    }
    if (unwrap && !isDate(item) && isArray(item)) return this.#unwrapped(node, item, found);
    return this.#structural(SqlState.jsonMemberNotFound, 'jsonpath member accessor can only be applied to an object');
  }

  /** The same step on each of an array's elements. */
  #unwrapped(node: PathNode, items: readonly JsonNode[], found: Found): Outcome {
    return this.#descend(node, items, found, 1, 1, 1, false, false);
  }

  /** A step on what is `first` to `last` levels below; without a step the items themselves. */
  #descend(
    step: PathNode | undefined,
    container: readonly JsonNode[] | Map<string, JsonNode>,
    found: Found,
    level: number,
    first: number,
    last: number,
    forgive: boolean,
    unwrapNext: boolean,
  ): Outcome {
    let outcome: Outcome = 'not found';
    if (level > last) return outcome;
    for (const item of container.values()) {
      const isContainer = isArray(item) || isObject(item);
      if (level >= first || (first === Infinity && last === Infinity && !isContainer)) {
        if (step !== undefined) {
          const forgiving = this.#forgiving;
          if (forgive) this.#forgiving = true;
          outcome = this.#step(step, item, found, unwrapNext);
          this.#forgiving = forgiving;
          if (outcome === 'error' || (outcome === 'ok' && found === undefined)) return outcome;
        } else if (found === undefined) return 'ok';
        else {
          found.push(item);
          outcome = 'ok';
        }
      }
      if (level < last && isContainer) {
        outcome = this.#descend(step, item, found, level + 1, first, last, forgive, unwrapNext);
        if (outcome === 'error' || (outcome === 'ok' && found === undefined)) return outcome;
      }
    }
    return outcome;
  }

  #any(node: PathNode, first: number, last: number, item: Item, found: Found): Outcome {
    let outcome: Outcome = 'not found';
    if (first === 0) {
      const forgiving = this.#forgiving;
      this.#forgiving = true;
      outcome = this.#next(node, item, found);
      this.#forgiving = forgiving;
      if (outcome === 'ok' && found === undefined) return outcome;
    }
    if (!isDate(item) && (isArray(item) || isObject(item))) {
      outcome = this.#descend(node.next, item, found, 1, first, last, true, this.#lax);
    }
    return outcome;
  }

  #index(node: PathNode & { kind: 'index' }, item: Item, found: Found): Outcome {
    const isList = !isDate(item) && isArray(item);
    if (!isList && !this.#lax) {
      return this.#structural(SqlState.jsonArrayNotFound, 'jsonpath array accessor can only be applied to an array');
    }
    const items: readonly Item[] = isList ? item : [item];
    const outerSize = this.#arraySize;
    this.#arraySize = items.length;
    let outcome: Outcome = 'not found';
    for (const range of node.ranges) {
      const from = this.#subscript(range.from, item);
      const to = from === 'error' || range.to === undefined ? from : this.#subscript(range.to, item);
      if (from === 'error' || to === 'error') {
        outcome = 'error';
        break;
      }
      if (!this.#forgiving && (from < 0 || from > to || to >= items.length)) {
        outcome = this.#fail(SqlState.sqlJsonSubscriptError, 'jsonpath array subscript is out of bounds');
        break;
      }
      outcome = 'not found';
      for (let at = Math.max(0, from); at <= Math.min(to, items.length - 1); at++) {
        outcome = this.#next(node, items[at] ?? null, found);
        if (outcome === 'error' || (outcome === 'ok' && found === undefined)) break;
      }
      if (outcome === 'error' || (outcome === 'ok' && found === undefined)) break;
    }
    this.#arraySize = outerSize;
    return outcome;
  }

  #subscript(node: PathNode, item: Item): number | 'error' {
    const found: Item[] = [];
    if (this.#execute(node, item, found) === 'error') return 'error';
    const [value] = found;
    if (found.length !== 1 || !(value instanceof Numeric)) {
      return this.#fail(SqlState.sqlJsonSubscriptError, 'jsonpath array subscript is not a single numeric value');
    }
    const whole = numericTruncate(value, 0);
    if (whole.decimal.abs().gt(0x7fffffff)) {
      return this.#fail(SqlState.sqlJsonSubscriptError, 'jsonpath array subscript is out of integer range');
    }
    return numericToInt4(whole);
  }

  /** The results of a part; in lax mode with arrays taken apart. */
  #results(node: PathNode, item: Item, unwrap: boolean): Item[] | 'error' {
    const found: Item[] = [];
    if (this.#execute(node, item, found) === 'error') return 'error';
    if (!unwrap || !this.#lax) return found;
    return found.some((value) => !isDate(value) && isArray(value))
      ? found.flatMap((value): Item[] => (!isDate(value) && isArray(value) ? value : [value]))
      : found;
  }

  #quietResults(node: PathNode, item: Item, unwrap: boolean): Item[] | 'error' {
    const raise = this.#raise;
    this.#raise = false;
    const results = this.#results(node, item, unwrap);
    this.#raise = raise;
    return results;
  }

  #arithmetic(node: PathNode & { kind: 'arithmetic' }, item: Item, found: Found): Outcome {
    const left = this.#results(node.left, item, true);
    if (left === 'error') return left;
    const right = this.#results(node.right, item, true);
    if (right === 'error') return right;
    const [a] = left;
    const [b] = right;
    if (left.length !== 1 || !(a instanceof Numeric)) return this.#notNumeric('left', node.operator);
    if (right.length !== 1 || !(b instanceof Numeric)) return this.#notNumeric('right', node.operator);
    const value = arithmetic(node.operator, a, b, this.#raise);
    return value === undefined ? 'error' : this.#next(node, value, found);
  }

  #notNumeric(side: string, operator: string): Outcome {
    return this.#fail(SqlState.singletonJsonItemRequired, `${side} operand of jsonpath operator ${operator} is not a single numeric value`);
  }

  #sign(node: PathNode & { kind: 'sign' }, item: Item, found: Found): Outcome {
    const operands = this.#results(node.arg, item, true);
    if (operands === 'error') return operands;
    let outcome: Outcome = 'not found';
    for (const value of operands) {
      if (!(value instanceof Numeric)) {
        if (found === undefined && node.next === undefined) continue;
        return this.#fail(SqlState.jsonNumberNotFound, `operand of unary jsonpath operator ${node.operator} is not a numeric value`);
      }
      const next = this.#next(node, signed(node.operator, value), found);
      if (next === 'error') return next;
      if (next === 'ok') {
        if (found === undefined) return next;
        outcome = next;
      }
    }
    return outcome;
  }

  #method(node: PathNode & { kind: 'method' }, item: Item, found: Found, unwrap: boolean): Outcome {
    const { name } = node;
    if (name === 'type') return this.#next(node, isDate(item) ? dateTimeType(item) : typeOfNode(item), found);
    const isList = !isDate(item) && isArray(item);
    if (name === 'size') {
      if (!isList && !this.#lax) {
        return this.#structural(SqlState.jsonArrayNotFound, 'jsonpath item method .size() can only be applied to an array');
      }
      return this.#next(node, numericOfInteger(isList ? item.length : 1), found);
    }
    if (unwrap && isList) return this.#unwrapped(node, item, found);
    if (name === 'keyvalue') return this.#keyValue(node, item, found);
    if (name === 'double') return this.#double(node, item, found);
    if (!(item instanceof Numeric)) {
      return this.#fail(SqlState.nonNumericJsonItem, `jsonpath item method .${name}() can only be applied to a numeric value`);
    }
    return this.#next(node, name === 'abs' ? numericAbs(item) : name === 'floor' ? numericFloor(item) : numericCeil(item), found);
  }

  #double(node: PathNode, item: Item, found: Found): Outcome {
    if (item instanceof Numeric) {
      const text = item.decimal.toNumber();
      if (!Number.isFinite(text)) {
        return this.#fail(
          SqlState.nonNumericJsonItem,
          'numeric argument of jsonpath item method .double() is out of range for type double precision',
        );
      }
      return this.#next(node, numericOfFloat8(numericToFloat8(item)), found);
    }
    if (typeof item !== 'string') {
      return this.#fail(SqlState.nonNumericJsonItem, 'jsonpath item method .double() can only be applied to a string or numeric value');
    }
    const value = readDouble(item);
    if (!Number.isFinite(value)) {
      return this.#fail(
        SqlState.nonNumericJsonItem,
        'string argument of jsonpath item method .double() is not a valid representation of a double precision number',
      );
    }
    return this.#next(node, numericOfFloat8(value), found);
  }

  #datetime(node: PathNode, template: string | undefined, item: Item, found: Found, unwrap: boolean): Outcome {
    if (unwrap && !isDate(item) && isArray(item)) return this.#unwrapped(node, item, found);
    if (typeof item !== 'string') {
      return this.#fail(SqlState.invalidArgumentForJsonDatetime, 'jsonpath item method .datetime() can only be applied to a string');
    }
    let value: DateTimeItem;
    try {
      const { format } = this.#options;
      value = template === undefined ? readDateTime(item, format) : readDateTimeBy(template, item, format);
    } catch (error) {
      if (this.#raise || !(error instanceof SqlError)) throw error;
      return 'error';
    }
    return this.#next(node, value, found);
  }

  #keyValue(node: PathNode, item: Item, found: Found): Outcome {
    if (isDate(item) || !isObject(item)) {
      return this.#fail(SqlState.jsonObjectNotFound, 'jsonpath item method .keyvalue() can only be applied to an object');
    }
    const id = numericOfInteger(this.#baseId * 10_000_000_000 + offsetIn(this.#base, item));
    const base = this.#base;
    const baseId = this.#baseId;
    let outcome: Outcome = 'not found';
    for (const [key, value] of item) {
      const pair = objectOf(['id', 'key', 'value'], [id, key, value]);
      this.#base = pair;
      this.#baseId = ++this.#lastId;
      outcome = this.#next(node, pair, found);
      if (outcome === 'error' || (outcome === 'ok' && found === undefined)) break;
    }
    this.#base = base;
    this.#baseId = baseId;
    return outcome;
  }

  #truth(node: PathNode, item: Item): Truth {
    switch (node.kind) {
      case 'logic': {
        const left = this.#truth(node.left, item);
        const decisive = node.operator === '||';
        if (left === decisive) return left;
        const right = this.#truth(node.right, item);
        return right === !decisive ? left : right;
      }
      case 'not': {
        const truth = this.#truth(node.arg, item);
        return truth === 'unknown' ? truth : !truth;
      }
      case 'is unknown':
        return this.#truth(node.arg, item) === 'unknown';
      case 'exists':
        return this.#exists(node.arg, item);
      case 'comparison': {
        const { zoned, format } = this.#options;
        return this.#predicate(node.left, node.right, item, true, (a, b) => compareItems(node.operator, a, b, zoned, format));
      }
      case 'starts with':
        return this.#predicate(node.left, node.right, item, false, startsWith);
      case 'like regex':
        return this.#predicate(node.arg, undefined, item, false, (a) => matchesRegex(a, node));
      default:
        throw new SqlError(SqlState.internalError, 'invalid boolean jsonpath item type');
    }
  }

  #exists(node: PathNode, item: Item): Truth {
    const found: Item[] | undefined = this.#lax ? undefined : [];
    const raise = this.#raise;
    this.#raise = false;
    const outcome = this.#execute(node, item, found);
    this.#raise = raise;
    if (outcome === 'error') return 'unknown';
    return found === undefined ? outcome === 'ok' : found.length > 0;
  }

  #predicate(left: PathNode, right: PathNode | undefined, item: Item, unwrapRight: boolean, test: (a: Item, b: Item) => Truth): Truth {
    const lefts = this.#quietResults(left, item, true);
    if (lefts === 'error') return 'unknown';
    const rights = right === undefined ? [null] : this.#quietResults(right, item, unwrapRight);
    if (rights === 'error') return 'unknown';
    let isTrue = false;
    let isUnknown = false;
    for (const a of lefts) {
      for (const b of rights) {
        const truth = test(a, b);
        if (truth === 'unknown') {
          if (!this.#lax) return truth;
          isUnknown = true;
        } else if (truth) {
          if (this.#lax) return true;
          isTrue = true;
        }
      }
    }
    return isTrue ? true : isUnknown ? 'unknown' : false;
  }
}

function isDate(item: Item): item is DateTimeItem {
  return item instanceof DateTimeItem;
}

function readDouble(text: string): number {
  try {
    return parseFloat8(text);
  } catch (error) {
    if (error instanceof SqlError) return Number.NaN;
    throw error;
  }
}

/** What distinguishes an object from others of its document. PostgreSQL has its place in the binary form here. */
function offsetIn(base: JsonNode, object: Map<string, JsonNode>): number {
  if (base === object) return 0;
  let count = 0;
  const find = (node: JsonNode): boolean => {
    if (node === object) return true;
    count++;
    if (!isArray(node) && !isObject(node)) return false;
    for (const item of node.values()) if (find(item)) return true;
    return false;
  };
  find(base);
  return count;
}

/** Results as JSON: dates and times become strings. */
export function toNode(item: Item, format: FormatContext): JsonNode {
  return isDate(item) ? dateTimeText(item, format) : item;
}
