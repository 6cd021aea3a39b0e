import type { BoundCall, BoundExpr } from '../bind/expression.js';

/** A change of type, by whatever node it is made. */
export interface CastParts {
  readonly arg: BoundExpr;
  readonly type: number;
  readonly typmod: number;
  readonly explicit: boolean;
}

export function isCollate(expr: BoundExpr): boolean {
  return expr.kind === 'relabel' && expr.explicit && expr.type === expr.arg.type && expr.collation !== undefined;
}

/** Undefined: it is no cast. A cast that only fits the length hides the one below it: `x::varchar(5)` is written as one. */
export function castParts(expr: BoundExpr): CastParts | undefined {
  const { type, typmod } = expr;
  switch (expr.kind) {
    case 'relabel': {
      if (isCollate(expr)) return undefined;
      const { arg } = expr;
      const inner = arg.kind === 'call' && arg.cast !== undefined ? castArgument(arg) : arg;
      return { arg: inner, type, typmod, explicit: expr.explicit };
    }
    case 'io cast':
      return { arg: expr.arg, type, typmod, explicit: expr.explicit };
    case 'array cast':
      return { arg: expr.arg, type, typmod, explicit: expr.explicit === true };
    case 'typmod cast':
    case 'domain cast':
      return { arg: castParts(expr.arg)?.arg ?? expr.arg, type, typmod, explicit: expr.explicit };
    case 'call':
      return expr.cast === undefined ? undefined : { arg: castArgument(expr), type, typmod, explicit: expr.cast === 'explicit' };
    default:
      return undefined;
  }
}

function castArgument(call: BoundCall): BoundExpr {
  return call.args[0] ?? call;
}

/** Without casts that nobody wrote. */
export function withoutImplicit(expr: BoundExpr): BoundExpr {
  const cast = castParts(expr);
  return cast === undefined || cast.explicit ? expr : withoutImplicit(cast.arg);
}
