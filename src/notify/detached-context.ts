import { InvariantError } from '../commons/assert.js';
import type { UserId } from '../commons/ids.js';
import type { ExecutionContext, InterruptCheck } from '../executor/context.js';
import type { FormatContext } from '../types/format-context.js';

/**
 * The context in which a live query's expressions run: outside any transaction, on behalf of a user. They are immutable functions of the
 * row (analyse.ts sees to that), so that nothing but formats is ever asked for.
 */
export class DetachedContext implements ExecutionContext {
  readonly params = [];
  readonly lifted = [];
  readonly workMemBytes = 0;
  readonly interrupt: InterruptCheck = { check: () => undefined, shouldYield: () => false, turn: () => Promise.resolve() };
  readonly format: FormatContext;
  readonly actingUser: UserId;

  constructor(format: FormatContext, actingUser: UserId) {
    this.format = format;
    this.actingUser = actingUser;
  }

  get transaction(): never {
    throw outside('a transaction');
  }
  get view(): never {
    throw outside('a view');
  }
  get catalog(): never {
    throw outside('the catalog');
  }
  get access(): never {
    throw outside('tables');
  }
  get session(): never {
    throw outside('its session');
  }
}

function outside(what: string): InvariantError {
  return new InvariantError(`an expression of a live query asked for ${what}`);
}
