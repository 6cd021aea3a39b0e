import type { FormatContext } from '../../../types/format-context.js';
import { isArray, isObject, typeOfNode } from '../../../types/json/node.js';
import type { ComparisonOperator, PathNode } from '../../../types/jsonpath/ast.js';
import { compareNumeric } from '../../../types/numeric/numeric.js';
import { compareText } from '../../../types/text.js';
import { Numeric } from '../../../types/value.js';
import { type CompiledRegex, compileRegex } from '../regex/compile.js';
import { DEFAULT_OPTIONS, type RegexOptions, withOption } from '../regex/syntax.js';
import { compareDateTimes, DateTimeItem } from './datetime.js';
import type { Item, Truth } from './run.js';

/** Items of one scalar kind compare; null only equals null; arrays and objects never compare. */
export function compareItems(operator: ComparisonOperator, a: Item, b: Item, zoned: boolean, format: FormatContext): Truth {
  const order = orderOf(a, b, zoned, format);
  if (order === undefined) return a === null || b === null ? operator === '!=' : 'unknown';
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
  }
}

function orderOf(a: Item, b: Item, zoned: boolean, format: FormatContext): number | undefined {
  if (a instanceof DateTimeItem || b instanceof DateTimeItem) {
    return a instanceof DateTimeItem && b instanceof DateTimeItem ? compareDateTimes(a, b, zoned, format) : undefined;
  }
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof Numeric && b instanceof Numeric) return compareNumeric(a, b);
  if (typeOfNode(a) !== typeOfNode(b) || isArray(a) || isObject(a)) return undefined;
  return a === b ? 0 : a === true ? 1 : -1;
}

export function startsWith(whole: Item, initial: Item): Truth {
  return typeof whole === 'string' && typeof initial === 'string' ? whole.startsWith(initial) : 'unknown';
}

type RegexNode = PathNode & { readonly kind: 'like regex' };

/** By the node of the path that asks for it: a path is nearly always the same for every row. */
const compiled = new WeakMap<RegexNode, CompiledRegex>();

/** @throws SqlError 2201B */
export function matchesRegex(item: Item, node: RegexNode): Truth {
  if (typeof item !== 'string') return 'unknown';
  let regex = compiled.get(node);
  if (regex === undefined) {
    regex = compileRegex(node.pattern, optionsOf(node.flags));
    compiled.set(node, regex);
  }
  return regex.program.test(item);
}

/** XQuery's flags in PostgreSQL's words. */
function optionsOf(flags: string): RegexOptions {
  let options: RegexOptions = DEFAULT_OPTIONS;
  if (flags.includes('i')) options = withOption(options, 'i') ?? options;
  if (flags.includes('q')) return withOption(options, 'q') ?? options;
  // Without s a dot takes no line break; with m, ^ and $ match at them.
  if (!flags.includes('s')) options = withOption(options, 'p') ?? options;
  if (flags.includes('m')) options = withOption(options, flags.includes('s') ? 'w' : 'n') ?? options;
  return options;
}
