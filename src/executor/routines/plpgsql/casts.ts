import type { Oid } from '../../../commons/ids.js';
import { bindValueCast } from '../../../planner/bind/bind.js';
import type { BoundExpr } from '../../../planner/bind/expression.js';
import { TypeOid } from '../../../types/oids.js';
import { codecFor } from '../../../types/type-codec.js';
import type { Row, SqlValue } from '../../../types/value.js';
import { compileEvaluator } from '../../expression/compile-evaluator.js';
import type { Evaluator } from '../../expression/evaluator.js';
import { Frame } from '../../frame.js';
import { Layout, Scope } from '../../scope.js';
import { StandaloneCompiler } from '../../standalone-compiler.js';
import type { Activation } from './activation.js';
import { baseTypeIn } from './declared-types.js';

const NO_ROW: Row = [];

/** A cast as assignments make it; `isTotal`: it looks at NULL too (a domain may refuse it). */
export interface Cast {
  readonly evaluate: Evaluator;
  readonly slot: number;
  readonly slotCount: number;
  readonly isTotal: boolean;
}

/** Casts of values between variables, as one body has met them: kept with the body, which goes when the catalog changes. */
export class CastTable {
  readonly #casts = new Map<string, Cast | null>();

  /** null: the value stays as it is. */
  find(from: Oid, fromTypmod: number, to: Oid, typmod: number, a: Activation): Cast | null {
    const key = `${from},${fromTypmod},${to},${typmod}`;
    let cast = this.#casts.get(key);
    if (cast === undefined) {
      cast = makeCast(from, fromTypmod, to, typmod, a);
      this.#casts.set(key, cast);
    }
    return cast;
  }
}

function makeCast(from: Oid, fromTypmod: number, to: Oid, typmod: number, a: Activation): Cast | null {
  const { planner, library } = a.compile;
  // Text that has no type yet.
  const source = from === TypeOid.unknown ? TypeOid.text : from;
  const expr = bindValueCast({ type: source, typmod: fromTypmod }, { type: to, typmod }, planner);
  if (isSame(expr)) return null;
  const compiler = new StandaloneCompiler(library);
  const slot = compiler.placeholder(0);
  const evaluate = compileEvaluator(expr, new Layout([], new Scope(), compiler));
  return { evaluate, slot, slotCount: compiler.slotCount, isTotal: expr.kind === 'domain cast' };
}

function isSame(expr: BoundExpr): boolean {
  return (
    expr.kind === 'placeholder' ||
    (expr.kind === 'relabel' && expr.type !== TypeOid.int4 && expr.arg.type !== TypeOid.int4 && isSame(expr.arg))
  );
}

/** Casts within one activation. */
export class Casts {
  readonly #a: Activation;

  constructor(a: Activation) {
    this.#a = a;
  }

  /** @throws SqlError as the cast's */
  cast(value: SqlValue, from: Oid, fromTypmod: number, to: Oid, typmod: number): SqlValue {
    if (from === to && (typmod < 0 || typmod === fromTypmod) && to < FIRST_SPECIAL) return value;
    const a = this.#a;
    const cast = a.body.casts.find(from, fromTypmod, to, typmod, a);
    if (cast === null || (value === null && !cast.isTotal)) return value;
    const frame = new Frame(a.scope, cast.slotCount);
    frame.slots[cast.slot] = value;
    return cast.evaluate(NO_ROW, frame);
  }

  /** As the type's output function gives it. */
  text(value: SqlValue, type: Oid): string {
    const a = this.#a;
    const base = type >= FIRST_SPECIAL ? baseTypeIn(a.compile.catalog, type) : type;
    const codec = codecFor(base === TypeOid.unknown ? TypeOid.text : base);
    return value === null ? '' : (codec?.output(value, a.call.cx.format) ?? String(value));
  }
}

/** Below it are no domains. */
const FIRST_SPECIAL = 10_000;
