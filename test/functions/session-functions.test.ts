import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { SqlState } from '../../src/commons/sqlstates.js';
import type { FunctionContext } from '../../src/executor/context.js';
import { createFunctionLibrary } from '../../src/executor/functions/index.js';
import type { SqlValue } from '../../src/types/value.js';
import { openFixture } from '../planner/bind-fixture.js';

/** Relations of the binder's fixture. */
const USERS = 17000;
const USERS_EMAIL_KEY = 17007;
const ITEMS_CHECK = 17026;
const TODOS = 17030;
const ADULTS = 17050;
const POSTGRES = 10;

const library = createFunctionLibrary();

describe('functions that ask their session and catalog', () => {
  let catalog: FunctionContext['catalog'];
  let cx: FunctionContext;
  const notices: string[] = [];
  const sent: string[] = [];
  const locks: string[] = [];
  let checks = 0;
  let cancelAt = 2;

  beforeAll(async () => {
    catalog = (await openFixture()).cx.catalog;
  });

  beforeEach(() => {
    notices.length = sent.length = locks.length = checks = 0;
    const names = {
      nameOf: () => undefined,
      oidOf: (_kind: string, name: string): number => {
        const relation = catalog.relation(2200, name);
        if (relation === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${name}" does not exist`);
        return relation.oid;
      },
    };
    const session = {
      currentRole: POSTGRES,
      currentUser: 'postgres',
      backendPid: 42,
      searchPath: (implicit: boolean) => (implicit ? ['pg_catalog', 'public'] : ['public']),
      clock: { nowMicros: () => 0, monotonicMs: () => performance.now() },
      notice: ({ message }: { message: string }) => notices.push(message),
      signalBackend: (pid: number) => pid === 42,
      advisoryLock: (key: string, mode: string, scope: string, wait: boolean) => {
        locks.push(`${key} ${mode} ${scope} ${wait}`);
        return true;
      },
      advisoryUnlock: (key: string, mode: string) => locks.includes(`${key} ${mode} session true`),
    };
    const transaction = { id: 7, hasWrites: false, notify: (channel: string, payload: string) => sent.push(`${channel}:${payload}`) };
    const interrupt = {
      check: () => {
        if (++checks > cancelAt) throw new SqlError(SqlState.queryCanceled, 'canceling statement due to user request');
      },
    };
    const format = { names, timeZone: 'UTC', transactionStartMicros: 0 };
    cx = { catalog, session, transaction, interrupt, format, actingUser: 'alice' } as unknown as FunctionContext;
  });

  function call(source: string, ...args: SqlValue[]): SqlValue {
    const found = library.scalar(source, 0);
    if (found === undefined) throw new Error(`not implemented: ${source}`);
    return (found as (...args: unknown[]) => SqlValue)(...args, cx);
  }

  it('tells who is asked for', () => {
    expect(call('current_user')).toBe('postgres');
    expect(call('current_schema')).toBe('public');
    expect(call('kalamdb_user_id')).toBe('alice');
    expect(call('pg_get_userbyid', POSTGRES)).toBe('postgres');
    expect(call('pg_get_userbyid', 99)).toBe('unknown (OID=99)');
  });

  it('prints definitions', () => {
    expect(call('pg_get_indexdef', USERS_EMAIL_KEY)).toBe('CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email)');
    expect(call('pg_get_constraintdef', ITEMS_CHECK)).toBe('CHECK ((qty > 0))');
    expect(call('pg_get_viewdef', ADULTS)).toBe(' SELECT id, name FROM users WHERE age >= 18;');
    expect(call('pg_get_indexdef', 1)).toBeNull();
    expect(call('pg_get_function_arguments', 2096)).toBe('pid integer, timeout bigint DEFAULT 0');
    expect(call('pg_get_function_identity_arguments', 3058)).toBe('VARIADIC "any"');
    expect(call('pg_get_function_result', 2765)).toBe('SETOF text');
  });

  it('knows what the search path shows', () => {
    expect(call('pg_table_is_visible', USERS)).toBe(true);
    expect(call('pg_table_is_visible', TODOS)).toBe(false);
    expect(call('pg_table_is_visible', 1)).toBeNull();
    expect(call('to_regclass', 'users')).toBe(USERS);
    expect(call('to_regclass', 'nowhere')).toBeNull();
  });

  it('answers questions of privileges', () => {
    expect(call('has_table_privilege_name', 'users', 'select, insert with grant option')).toBe(true);
    expect(call('has_table_privilege_id', 1, 'select')).toBeNull();
    expect(call('has_table_privilege_name_name', 'public', 'users', 'SELECT')).toBe(false);
    expect(call('has_schema_privilege_name', 'public', 'usage')).toBe(true);
    expect(call('pg_has_role_name', 'postgres', 'MEMBER')).toBe(true);
    expect(() => call('has_table_privilege_name', 'users', 'foo')).toThrow('unrecognized privilege type: "foo"');
    expect(() => call('has_table_privilege_name_name', 'nobody', 'users', 'select')).toThrow('role "nobody" does not exist');
    expect(() => call('has_schema_privilege_name', 'nowhere', 'usage')).toThrow('schema "nowhere" does not exist');
    expect(() => call('has_column_privilege_name_name', 'users', 'nothing', 'select')).toThrow(
      'column "nothing" of relation "users" does not exist',
    );
  });

  it('sends notifications and signals', () => {
    expect(call('pg_notify', 'channel', 'payload')).toBe('');
    expect(sent).toEqual(['channel:payload']);
    expect(() => call('pg_notify', '', null)).toThrow('channel name cannot be empty');
    expect(() => call('pg_notify', 'channel', 'x'.repeat(8000))).toThrow('payload string too long');
    expect(call('pg_cancel_backend', 42)).toBe(true);
    expect(call('pg_cancel_backend', 43)).toBe(false);
    expect(notices).toEqual(['PID 43 is not a PostgreSQL server process']);
  });

  it('takes advisory locks', async () => {
    await library.async('pg_advisory_lock_int8')?.([5], cx);
    await library.async('pg_advisory_xact_lock_shared_int4')?.([1, 2], cx);
    expect(call('pg_try_advisory_lock_int4', 3, 4)).toBe(true);
    expect(locks).toEqual(['5 exclusive session true', '1:2 shared transaction true', '3:4 exclusive session false']);
    expect(call('pg_advisory_unlock_int8', 5)).toBe(true);
    expect(call('pg_advisory_unlock_int8', 6)).toBe(false);
  });

  it('sleeps until it is cancelled', async () => {
    await expect(library.async('pg_sleep')?.([60], cx)).rejects.toThrow('canceling statement');
    cancelAt = 1000;
    await expect(library.async('pg_sleep')?.([0.01], cx)).resolves.toBe('');
  });

  it('gives the same random numbers after setseed as PostgreSQL', () => {
    call('setseed', 0.5);
    expect([call('drandom'), call('drandom')]).toEqual([0.9851677175347999, 0.825301858027981]);
    call('setseed', -0.3);
    expect(call('drandom')).toBe(0.739669804988659);
    expect(() => call('setseed', 2)).toThrow('setseed parameter 2 is out of allowed range [-1,1]');
  });

  it('takes an acl apart', () => {
    const acl = call('acldefault_sql', 'r', POSTGRES);
    const rows = [...(library.set('aclexplode', 0)?.([acl], cx) ?? [])];
    expect(rows).toContainEqual([POSTGRES, POSTGRES, 'SELECT', false]);
    expect(rows).toHaveLength(7);
  });
});
