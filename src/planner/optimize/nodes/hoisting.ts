import { TypeOid } from '../../../types/oids.js';
import type { BoundCall, BoundCase, BoundExpr, BoundSubquery, ColumnId } from '../../bind/expression.js';
import { booleanNode, columnNode, constNode, logicNode, outputColumn } from '../../bind/nodes.js';
import { forEachChild, mapExpr, someExpr } from '../../bind/tree/walk.js';
import type { AsyncStep } from '../physical.js';
import type { Planning } from '../planning.js';

/**
 * Cuts an expression into steps that are done one after the other for each row, so that between them may be waited. Where SQL promises that a
 * part is not evaluated (the branches of CASE, the rest of AND, OR and COALESCE), its steps have a guard: a condition over earlier ones.
 */
export class Hoisting {
  readonly #planning: Planning;
  readonly steps: AsyncStep[] = [];

  constructor(planning: Planning) {
    this.#planning = planning;
  }

  /** @param guard only where it is true is the expression wanted @returns what stands in its place, which waits for nothing */
  hoist(expr: BoundExpr, guard: BoundExpr | undefined): BoundExpr {
    if (!this.#planning.isAsync(expr)) return expr;
    switch (expr.kind) {
      case 'and':
      case 'or':
        return { ...expr, args: this.hoistChain(expr.args, expr.kind === 'or', guard) };
      case 'coalesce':
        return { ...expr, args: this.#hoistUntil(expr.args, guard, isNull) };
      case 'case':
        return this.#hoistCase(expr, guard);
      case 'nullif':
      case 'distinct':
        return this.#hoistEqual(expr, guard);
      case 'subquery':
        return this.#hoistSubquery(expr, guard);
      case 'call': {
        const args = expr.args.map((arg) => this.hoist(arg, guard));
        const call: BoundCall = args.some((arg, i) => arg !== expr.args[i]) ? { ...expr, args } : expr;
        return !expr.returnsSet && this.#planning.options.isAsync(expr.source) ? this.#step(call, guard, expr.name) : call;
      }
      case 'quantified':
      case 'array cast':
        return this.#hoistAround(expr, guard);
      default:
        return this.#hoistParts(expr, guard);
    }
  }

  /** AND (decisive: false) or OR: a part is wanted where none before it has decided. */
  hoistChain(args: readonly BoundExpr[], decisive: boolean, guard: BoundExpr | undefined): readonly BoundExpr[] {
    return this.#hoistUntil(args, guard, (value) => isNot(value, decisive));
  }

  #hoistUntil(args: readonly BoundExpr[], guard: BoundExpr | undefined, goesOn: (value: BoundExpr) => BoundExpr): readonly BoundExpr[] {
    let wanted = guard;
    return args.map((arg, i) => {
      const value = this.hoist(arg, wanted);
      if (!args.slice(i + 1).some((later) => this.#planning.isAsync(later))) return value;
      const kept = this.#keep(value, wanted);
      wanted = both(wanted, goesOn(kept));
      return kept;
    });
  }

  #hoistCase(expr: BoundCase, guard: BoundExpr | undefined): BoundExpr {
    const { operand: written, slot, ...rest } = expr;
    const operand = written === undefined ? undefined : this.#keep(this.hoist(written, guard), guard);
    const filled = (part: BoundExpr): BoundExpr =>
      operand === undefined ? part : mapExpr(part, (node) => (node.kind === 'placeholder' && node.slot === slot ? operand : undefined));
    let wanted = guard;
    const whens = expr.whens.map(({ when, value }) => {
      const condition = this.#keep(this.hoist(filled(when), wanted), wanted);
      const chosen = this.hoist(value, both(wanted, is(condition, true)));
      wanted = both(wanted, isNot(condition, true));
      return { when: condition, value: chosen };
    });
    return { ...rest, slot, whens, else: this.hoist(expr.else, wanted) };
  }

  /** NULLIF and IS DISTINCT FROM: the equality is asked of two values that are not NULL. */
  #hoistEqual(expr: Extract<BoundExpr, { kind: 'nullif' | 'distinct' }>, guard: BoundExpr | undefined): BoundExpr {
    const args = expr.equal.args.map((arg) => this.hoist(arg, guard));
    if (!this.#planning.options.isAsync(expr.equal.source)) return { ...expr, equal: { ...expr.equal, args } };
    const [left, right] = args.map((arg) => this.#keep(arg, guard));
    if (left === undefined || right === undefined) return expr;
    const known = both(isNotNull(left), isNotNull(right));
    const equal = this.#step({ ...expr.equal, args: [left, right] }, both(guard, known), 'equal');
    const { type, typmod } = expr;
    if (expr.kind === 'nullif') {
      return { kind: 'case', slot: -1, whens: [{ when: is(equal, true), value: constNode(type, typmod, null) }], else: left, type, typmod };
    }
    const differ = booleanNode(!expr.negated);
    const same = booleanNode(expr.negated);
    return {
      kind: 'case',
      slot: -1,
      whens: [
        { when: known, value: expr.negated ? is(equal, true) : isNot(equal, true) },
        { when: both(isNull(left), isNull(right)), value: same },
      ],
      else: differ,
      type,
      typmod,
    };
  }

  /** As a whole: its own parts that wait and don't depend on its rows come before. */
  #hoistSubquery(expr: BoundSubquery, guard: BoundExpr | undefined): BoundExpr {
    const compare = expr.compare === undefined ? undefined : this.#hoistFree(expr.compare, guard, new Set(expr.outputs), -1);
    if (compare === expr.compare || compare === undefined) {
      return this.#planning.waitsIn(expr) ? this.#step(expr, guard, '?column?') : expr;
    }
    const changed: BoundSubquery = { ...expr, compare };
    this.#planning.replaceSubquery(expr, changed);
    return this.#planning.waitsIn(expr) ? this.#step(changed, guard, '?column?') : changed;
  }

  /** An element-wise comparison or cast: what waits and does not depend on the element comes before; the rest is done without waiting. */
  #hoistAround(expr: Extract<BoundExpr, { kind: 'quantified' | 'array cast' }>, guard: BoundExpr | undefined): BoundExpr {
    if (expr.kind === 'array cast') return { ...expr, arg: this.hoist(expr.arg, guard) };
    const array = this.hoist(expr.array, guard);
    const compare = this.#hoistFree(expr.compare, guard, new Set(), expr.slot);
    return compare.kind === 'call' ? { ...expr, array, compare } : expr;
  }

  /** Hoists the largest parts that mention neither the columns nor the placeholder. */
  #hoistFree(expr: BoundExpr, guard: BoundExpr | undefined, columns: ReadonlySet<ColumnId>, slot: number): BoundExpr {
    return mapExpr(expr, (part) => {
      if (!this.#planning.isAsync(part)) return part;
      const isBound = someExpr(
        part,
        (node) => (node.kind === 'column' && columns.has(node.id)) || (node.kind === 'placeholder' && node.slot === slot),
      );
      return isBound ? undefined : this.hoist(part, guard);
    });
  }

  #hoistParts(expr: BoundExpr, guard: BoundExpr | undefined): BoundExpr {
    const parts = new Map<BoundExpr, BoundExpr>();
    forEachChild(expr, (child) => {
      if (this.#planning.isAsync(child)) parts.set(child, this.hoist(child, guard));
    });
    return mapExpr(expr, (part) => parts.get(part));
  }

  /** A value that guards and the expression both read: computed once. */
  #keep(expr: BoundExpr, guard: BoundExpr | undefined): BoundExpr {
    if (expr.kind === 'column' || expr.kind === 'const' || expr.kind === 'param') return expr;
    return this.#step(expr, guard, 'value');
  }

  #step(expr: BoundExpr, guard: BoundExpr | undefined, name: string): BoundExpr {
    const id = this.#planning.newColumn();
    this.#planning.use(expr);
    this.steps.push({ ...outputColumn(id, name, expr), expr, ...(guard === undefined ? {} : { guard }) });
    return columnNode(id, name, expr.type, expr.typmod, expr.collation);
  }
}

function both(a: BoundExpr | undefined, b: BoundExpr): BoundExpr {
  return a === undefined ? b : logicNode('and', [a, b]);
}

function is(arg: BoundExpr, value: boolean): BoundExpr {
  return { kind: 'boolean test', arg, test: value ? 'true' : 'false', negated: false, type: TypeOid.bool, typmod: -1 };
}

function isNot(arg: BoundExpr, value: boolean): BoundExpr {
  return { kind: 'boolean test', arg, test: value ? 'true' : 'false', negated: true, type: TypeOid.bool, typmod: -1 };
}

function isNull(arg: BoundExpr): BoundExpr {
  return { kind: 'null test', arg, negated: false, rowwise: false, type: TypeOid.bool, typmod: -1 };
}

function isNotNull(arg: BoundExpr): BoundExpr {
  return { kind: 'null test', arg, negated: true, rowwise: false, type: TypeOid.bool, typmod: -1 };
}
