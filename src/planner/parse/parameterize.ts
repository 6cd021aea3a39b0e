import type { ExprLifted, Statement } from './ast.js';
import type { LiftedLiteral } from './literals.js';

/** Where a literal is no value: if one that was lifted turns up here, the text is not lifted at all. */
const FIXED: ReadonlySet<string> = new Set(['orderBy', 'groupBy', 'distinct', 'partitionBy', 'target', 'tableSample', 'into', 'to']);

/**
 * The statement with a `lifted` node in place of each literal that liftLiterals took out of its text; literal i of the
 * list is index i. Undefined when not each of them is found in the tree where and as it was in the text: then the text's
 * key is not to be used, for any text (whether it fits depends on the key alone).
 */
export function parameterize(statement: Statement, literals: readonly LiftedLiteral[]): Statement | undefined {
  const rewriter = new Rewriter(literals);
  // The rewritten tree has the same shape: only expressions were replaced by expressions.
  const rewritten = rewriter.rewrite(statement, false) as Statement;
  return rewriter.complete ? rewritten : undefined;
}

class Rewriter {
  readonly #byStart = new Map<number, number>();
  readonly #literals: readonly LiftedLiteral[];
  #found = 0;
  #failed = false;

  constructor(literals: readonly LiftedLiteral[]) {
    this.#literals = literals;
    for (const [index, literal] of literals.entries()) this.#byStart.set(literal.start, index);
  }

  get complete(): boolean {
    return !this.#failed && this.#found === this.#literals.length;
  }

  /** A copy of what changes on the way to a literal; what does not change is shared. */
  rewrite(value: unknown, fixed: boolean): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.#rewriteArray(value, fixed);
    if (isConstantDivision(value)) this.#failed = true;
    const lifted = this.#lifted(value);
    if (lifted !== undefined) {
      if (fixed) this.#failed = true;
      return lifted;
    }
    let copy: Record<string, unknown> | undefined;
    for (const [key, field] of Object.entries(value)) {
      const rewritten = this.rewrite(field, fixed || FIXED.has(key));
      if (rewritten === field) continue;
      copy ??= { ...value };
      copy[key] = rewritten;
    }
    return copy ?? value;
  }

  #rewriteArray(items: readonly unknown[], fixed: boolean): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (const [index, item] of items.entries()) {
      const rewritten = this.rewrite(item, fixed);
      if (rewritten === item) continue;
      copy ??= items.slice();
      copy[index] = rewritten;
    }
    return copy ?? items;
  }

  #lifted(node: object): ExprLifted | undefined {
    if (!('type' in node) || !('_location' in node)) return undefined;
    const { type, _location: location } = node;
    if (type !== 'integer' && type !== 'numeric' && type !== 'string') return undefined;
    if (typeof location !== 'object' || location === null || !('start' in location) || typeof location.start !== 'number') return undefined;
    const index = this.#byStart.get(location.start);
    const literal = index === undefined ? undefined : this.#literals[index];
    if (index === undefined || literal === undefined) return undefined;
    const value = 'value' in node ? node.value : 'text' in node ? node.text : undefined;
    if (!sameLiteral(type, value, literal)) {
      this.#failed = true;
      return undefined;
    }
    this.#found++;
    return { type: 'lifted', index, kind: literal.kind, _location: { start: location.start } };
  }
}

/** Fails or not by its literals alone, and with it the statement, also where no row needs it: such a text has a plan of its own. */
function isConstantDivision(node: object): boolean {
  if (!('type' in node) || node.type !== 'binary' || !('op' in node) || (node.op !== '/' && node.op !== '%')) return false;
  return 'left' in node && 'right' in node && isNumber(node.left) && isNumber(node.right);
}

function isNumber(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'type' in node && (node.type === 'integer' || node.type === 'numeric');
}

function sameLiteral(type: 'integer' | 'numeric' | 'string', value: unknown, literal: LiftedLiteral): boolean {
  switch (literal.kind) {
    case 'integer':
    case 'string':
      return type === literal.kind && value === literal.value;
    case 'bigint':
      return type === 'numeric' && typeof value === 'string' && /^-?\d+$/.test(value) && BigInt(value) === BigInt(literal.value ?? 0);
    case 'numeric':
      return type === 'numeric' && value === literal.value;
  }
}
