import { InvariantError } from '../commons/assert.js';
import type { UserId } from '../commons/ids.js';
import type { ExecutionContext, InterruptCheck } from '../executor/context.js';
import type { FormatContext } from '../types/format-context.js';
import type { SqlValue } from '../types/value.js';

const NOTHING: readonly SqlValue[] = [];
/** Of what one sub-query gathers (ARRAY): its rows are in the live query's memory, which has a limit of its own. */
const WORK_MEM_BYTES = 64 * 1024 * 1024;
const UNINTERRUPTED: InterruptCheck = { check: () => undefined, shouldYield: () => false, turn: () => Promise.resolve() };

/**
 * The context in which a live query's expressions run: outside any transaction, on behalf of a user. They are functions of the row and of
 * what was settled at LISTEN, so that nothing but formats is ever asked for.
 */
export class DetachedContext implements ExecutionContext {
  readonly lifted = NOTHING;
  readonly workMemBytes = WORK_MEM_BYTES;
  /** Nobody asks. */
  readonly spills = { tempFiles: 0, tempBytes: 0 };
  readonly interrupt = UNINTERRUPTED;
  readonly format: FormatContext;
  actingUser: UserId;
  params: readonly SqlValue[];

  constructor(format: FormatContext, actingUser: UserId, params: readonly SqlValue[]) {
    this.format = format;
    this.actingUser = actingUser;
    this.params = params;
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
