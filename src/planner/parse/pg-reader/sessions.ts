import type * as pg from 'libpg-query';
import { TABLE_LOCK_MODES } from '../../../transaction/lock-modes.js';
import type * as ast from '../ast.js';
import { queryOf } from './create-table.js';
import { relationNames } from './names.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';

export function prepareStatement(node: pg.PrepareStmt, reader: Reader): ast.Statement {
  const { source, statementStart, statementEnd } = reader;
  // PostgreSQL shows the statement with its semicolon, where it has one.
  const semicolon = source.startsWith(';', statementEnd) ? 1 : 0;
  const prepare: Mutable<ast.PrepareStatement> = {
    type: 'prepare',
    name: node.name ?? '',
    statement: reader.statement(node.query),
    text: source.slice(statementStart, statementEnd + semicolon),
  };
  if (nonEmpty(node.argtypes)) {
    prepare.argTypes = node.argtypes.map((type) => reader.type('TypeName' in type ? type.TypeName : undefined));
  }
  return prepare;
}

export function executeStatement(node: pg.ExecuteStmt, reader: Reader): ast.Statement {
  return { type: 'execute', name: node.name ?? '', params: reader.exprs(node.params) };
}

export function deallocateStatement(node: pg.DeallocateStmt): ast.Statement {
  return node.name === undefined ? { type: 'deallocate' } : { type: 'deallocate', name: node.name };
}

/** CURSOR_OPT_… of PostgreSQL's parsenodes.h. */
const CURSOR = { binary: 0x1, scroll: 0x2, noScroll: 0x4, insensitive: 0x8, hold: 0x20 } as const;

export function declareCursor(node: pg.DeclareCursorStmt, reader: Reader): ast.Statement {
  const cursor: Mutable<ast.DeclareCursorStatement> = {
    type: 'declare cursor',
    name: node.portalname ?? '',
    query: queryOf(node.query, reader),
  };
  const options = node.options ?? 0;
  if (options & CURSOR.scroll) cursor.scroll = true;
  if (options & CURSOR.noScroll) cursor.scroll = false;
  if (options & CURSOR.hold) cursor.hold = true;
  if (options & CURSOR.binary) cursor.binary = true;
  if (options & CURSOR.insensitive) cursor.insensitive = true;
  return cursor;
}

const DIRECTIONS = {
  FETCH_FORWARD: 'forward',
  FETCH_BACKWARD: 'backward',
  FETCH_ABSOLUTE: 'absolute',
  FETCH_RELATIVE: 'relative',
} as const;
/** FETCH_ALL is LONG_MAX, and a long has 32 bits in WASM. */
const FETCH_ALL = 2147483647;

export function fetchStatement(node: pg.FetchStmt): ast.Statement {
  const howMany = Number(node.howMany ?? 0);
  const fetch: Mutable<ast.FetchStatement> = {
    type: 'fetch',
    cursor: node.portalname ?? '',
    direction: DIRECTIONS[node.direction ?? 'FETCH_FORWARD'],
    count: howMany === FETCH_ALL ? 'all' : howMany,
  };
  if (node.ismove) fetch.move = true;
  return fetch;
}

export function closeCursor(node: pg.ClosePortalStmt): ast.Statement {
  return node.portalname === undefined ? { type: 'close' } : { type: 'close', cursor: node.portalname };
}

const DISCARDED = {
  DISCARD_ALL: 'all',
  DISCARD_PLANS: 'plans',
  DISCARD_SEQUENCES: 'sequences',
  DISCARD_TEMP: 'temp',
} as const;

export function discardStatement(node: pg.DiscardStmt): ast.Statement {
  return { type: 'discard', target: DISCARDED[node.target ?? 'DISCARD_ALL'] };
}

export function listenStatement(node: pg.ListenStmt): ast.Statement {
  return { type: 'listen', channel: node.conditionname ?? '' };
}

export function unlistenStatement(node: pg.UnlistenStmt): ast.Statement {
  return node.conditionname === undefined ? { type: 'unlisten' } : { type: 'unlisten', channel: node.conditionname };
}

export function notifyStatement(node: pg.NotifyStmt): ast.Statement {
  const channel = node.conditionname ?? '';
  return node.payload === undefined ? { type: 'notify', channel } : { type: 'notify', channel, payload: node.payload };
}

export function lockTable(node: pg.LockStmt, reader: Reader): ast.Statement {
  const mode = required(TABLE_LOCK_MODES[(node.mode ?? 8) - 1], 'a known lock mode');
  const lock: Mutable<ast.LockTableStatement> = { type: 'lock table', tables: relationNames(node.relations, reader), mode };
  if (node.nowait) lock.nowait = true;
  return lock;
}

export function setConstraints(node: pg.ConstraintsSetStmt, reader: Reader): ast.Statement {
  const deferred = node.deferred ?? false;
  return nonEmpty(node.constraints)
    ? { type: 'set constraints', names: relationNames(node.constraints, reader), deferred }
    : { type: 'set constraints', deferred };
}
