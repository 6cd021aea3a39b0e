import { TypeOid } from '../../types/oids.js';
import type { BuiltinNamespace, BuiltinProc } from './types.js';

/**
 * KalamDB's own functions, in the schema `kalamdb`. To add one, add a line to KALAMDB_PROCS with the next free oid, and its
 * implementation under its `source` where the executor keeps functions. Oids never change, since stored views refer to them.
 */
export const KALAMDB_NAMESPACE: BuiltinNamespace = Object.freeze({ oid: 9000, name: 'kalamdb' });

/** What a function is unless its entry says otherwise. */
const DEFAULTS = {
  namespace: KALAMDB_NAMESPACE.oid,
  language: 12,
  kind: 'f',
  returnsSet: false,
  volatility: 's',
  strict: true,
  argTypes: [],
  allArgTypes: undefined,
  argModes: undefined,
  argNames: undefined,
  variadic: 0,
  defaults: 0,
  defaultTexts: [],
  cost: 1,
  rows: 0,
  support: 0,
  securityDefiner: false,
  leakproof: false,
  parallel: 'r',
  acl: undefined,
} as const satisfies Partial<BuiltinProc>;

function proc(oid: number, name: string, returnType: number, more: Partial<BuiltinProc> = {}): BuiltinProc {
  return Object.freeze({ ...DEFAULTS, oid, name, source: `kalamdb_${name}`, returnType, ...more });
}

export const KALAMDB_PROCS: readonly BuiltinProc[] = Object.freeze([
  /** Ends a live query by its number in system.live_queries; false: no such live query. */
  proc(9001, 'cancel_live_query', TypeOid.bool, { argTypes: [TypeOid.int8], argNames: ['id'], volatility: 'v' }),
  /** The acting user: whose partition of user tables the session sees. */
  proc(9002, 'user_id', TypeOid.text),
  /** KalamDB's own version; version() tells PostgreSQL's. */
  proc(9003, 'version', TypeOid.text),
  /** The rows of what can be listened to, each as the change that inserts it; or what has changed since a commit. */
  proc(9004, 'changes', TypeOid.json, {
    argTypes: [TypeOid.text, TypeOid.int8],
    argNames: ['name', 'since'],
    defaults: 1,
    defaultTexts: ['NULL'],
    strict: false,
    returnsSet: true,
    rows: 1000,
    volatility: 'v',
  }),
]);
