import { assert } from '../../../commons/assert.js';
import type { Int8 } from '../../../types/integer.js';
import { Interval, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { AsyncFunction, ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

type Mode = 'shared' | 'exclusive';
type Scope = 'session' | 'transaction';

/** One int8, or two int4: PostgreSQL keeps the two key spaces apart, and so does the colon. */
function lockKey(args: readonly SqlValue[]): string {
  return args.length === 1 ? `${args[0]}` : `${args[0]}:${args[1]}`;
}

function lock(mode: Mode, scope: Scope): AsyncFunction {
  return async (args, cx) => {
    await cx.session.advisoryLock(lockKey(args), mode, scope, true);
    return '';
  };
}

type KeyCall = (key: string, cx: FunctionContext) => SqlValue;

/** A function of one int8 or of two int4. */
function byKey(call: KeyCall): ScalarFunction {
  return (first: Int8, second: number | FunctionContext, third?: FunctionContext) => {
    if (typeof second !== 'number') return call(lockKey([first]), second);
    assert(third !== undefined, 'the context comes last');
    return call(lockKey([first, second]), third);
  };
}

/** Without waiting the answer is there at once. */
function tryLock(mode: Mode, scope: Scope): ScalarFunction {
  return byKey((key, cx) => {
    const taken = cx.session.advisoryLock(key, mode, scope, false);
    assert(typeof taken === 'boolean', 'a lock that is only tried makes nobody wait');
    return taken;
  });
}

function unlock(mode: Mode): ScalarFunction {
  return byKey((key, cx) => cx.session.advisoryUnlock(key, mode));
}

/** How often a sleeper looks for a cancel that came without the transaction's signal. */
const CHECK_EVERY_MS = 100;

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted === true) done();
    else signal?.addEventListener('abort', done, { once: true });
  });
}

/** @throws SqlError 57014 when cancelled */
async function sleep(seconds: number, cx: FunctionContext): Promise<SqlValue> {
  const { clock } = cx.session;
  const end = clock.monotonicMs() + seconds * 1000;
  for (;;) {
    cx.interrupt.check();
    const left = end - clock.monotonicMs();
    if (!(left > 0)) return '';
    await pause(Math.min(Math.ceil(left), CHECK_EVERY_MS), cx.transaction.signal);
  }
}

/** Seconds of a wait given as an interval: months count 30 days. */
function secondsOfInterval({ months, days, micros }: Interval): number {
  return (months * 30 + days) * 86_400 + Number(micros) / 1e6;
}

export const waitingFunctions: FunctionTable = {
  async: {
    pg_sleep: (args, cx) => sleep(Number(args[0] ?? 0), cx),
    pg_advisory_lock_int8: lock('exclusive', 'session'),
    pg_advisory_lock_int4: lock('exclusive', 'session'),
    pg_advisory_lock_shared_int8: lock('shared', 'session'),
    pg_advisory_lock_shared_int4: lock('shared', 'session'),
    pg_advisory_xact_lock_int8: lock('exclusive', 'transaction'),
    pg_advisory_xact_lock_int4: lock('exclusive', 'transaction'),
    pg_advisory_xact_lock_shared_int8: lock('shared', 'transaction'),
    pg_advisory_xact_lock_shared_int4: lock('shared', 'transaction'),
    'pg_sleep_for(interval)': async (args, cx) => (args[0] instanceof Interval ? sleep(secondsOfInterval(args[0]), cx) : null),
    'pg_sleep_until(timestamptz)': (args, cx) => sleep((Number(args[0] ?? 0) - cx.session.clock.nowMicros()) / 1e6, cx),
  },
  scalar: {
    pg_try_advisory_lock_int8: tryLock('exclusive', 'session'),
    pg_try_advisory_lock_int4: tryLock('exclusive', 'session'),
    pg_try_advisory_lock_shared_int8: tryLock('shared', 'session'),
    pg_try_advisory_lock_shared_int4: tryLock('shared', 'session'),
    pg_try_advisory_xact_lock_int8: tryLock('exclusive', 'transaction'),
    pg_try_advisory_xact_lock_int4: tryLock('exclusive', 'transaction'),
    pg_try_advisory_xact_lock_shared_int8: tryLock('shared', 'transaction'),
    pg_try_advisory_xact_lock_shared_int4: tryLock('shared', 'transaction'),
    pg_advisory_unlock_int8: unlock('exclusive'),
    pg_advisory_unlock_int4: unlock('exclusive'),
    pg_advisory_unlock_shared_int8: unlock('shared'),
    pg_advisory_unlock_shared_int4: unlock('shared'),
    pg_advisory_unlock_all: (cx: FunctionContext) => {
      cx.session.advisoryUnlockAll();
      return '';
    },
  },
};
