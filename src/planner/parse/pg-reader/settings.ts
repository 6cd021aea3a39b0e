import type * as pg from 'libpg-query';
import { assert, unreachable } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { integerOf, numberLiteral, stringConstant } from './constants.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';

export function setStatement(node: pg.VariableSetStmt, reader: Reader): ast.SetStatement | ast.UnsupportedStatement {
  const set: Mutable<ast.SetStatement> = {
    type: 'set',
    variable: node.name ?? 'all',
    scope: node.is_local ? 'local' : 'session',
    action: 'value',
  };
  const kind = required(node.kind, 'VariableSetStmt.kind');
  switch (kind) {
    case 'VAR_SET_VALUE':
      set.values = (node.args ?? []).map((argument) => setValue(argument, reader));
      return set;
    case 'VAR_SET_DEFAULT':
      set.action = 'default';
      return set;
    case 'VAR_SET_CURRENT':
      set.action = 'from current';
      return set;
    case 'VAR_RESET':
      set.action = 'reset';
      return set;
    case 'VAR_RESET_ALL':
      set.action = 'reset all';
      return set;
    case 'VAR_SET_MULTI':
      return setTransaction(node, set);
    default:
      return unreachable(kind);
  }
}

function setTransaction(node: pg.VariableSetStmt, set: Mutable<ast.SetStatement>): ast.SetStatement {
  if (node.name === 'TRANSACTION SNAPSHOT') {
    const [snapshot] = node.args ?? [];
    return { ...set, action: 'snapshot', variable: 'transaction', snapshot: stringConstant(snapshot) ?? '' };
  }
  set.action = node.name === 'SESSION CHARACTERISTICS' ? 'session characteristics' : 'transaction';
  set.variable = 'transaction';
  set.transaction = transactionOptions(node.args);
  return set;
}

function setValue(node: pg.Node, reader: Reader): ast.SetValue {
  // SET TIME ZONE INTERVAL '…': the word keeps it apart from a POSIX zone, whose sign is the other way round.
  if ('TypeCast' in node) return { kind: 'string', text: `INTERVAL '${stringConstant(node.TypeCast.arg) ?? ''}'` };
  assert('A_Const' in node, 'SET takes literals');
  const { ival, fval, sval, boolval, location } = node.A_Const;
  if (ival !== undefined) return { kind: 'number', text: String(ival.ival ?? 0) };
  if (fval !== undefined) {
    const number = numberLiteral(fval.fval ?? '0', {});
    return { kind: 'number', text: number.type === 'integer' ? String(number.value) : number.text };
  }
  if (boolval !== undefined) return { kind: 'identifier', text: String(boolval.boolval ?? false) };
  const offset = reader.offset(location);
  const quoted = offset !== undefined && /^([eEnN]|[uU]&)?'|^\$/.test(reader.source.slice(offset, offset + 3));
  return { kind: quoted ? 'string' : 'identifier', text: sval?.sval ?? '' };
}

export function showStatement(node: pg.VariableShowStmt): ast.Statement {
  return { type: 'show', variable: node.name ?? 'all' };
}

type IsolationLevel = NonNullable<ast.TransactionOptions['isolationLevel']>;
const ISOLATION_LEVELS: readonly IsolationLevel[] = ['serializable', 'repeatable read', 'read committed', 'read uncommitted'];

export function transactionOptions(nodes: readonly pg.Node[] | undefined): ast.TransactionOptions {
  const options: Mutable<ast.TransactionOptions> = {};
  if (!nonEmpty(nodes)) return options;
  for (const node of nodes) {
    assert('DefElem' in node, 'a transaction mode is expected in the parse tree');
    const { defname, arg } = node.DefElem;
    if (defname === 'transaction_isolation') {
      const level = ISOLATION_LEVELS.find((name) => name === stringConstant(arg));
      assert(level !== undefined, 'the grammar knows the isolation levels');
      options.isolationLevel = level;
    } else if (defname === 'transaction_read_only') options.readOnly = integerOf(arg) !== 0;
    else if (defname === 'transaction_deferrable') options.deferrable = integerOf(arg) !== 0;
  }
  return options;
}

const TRANSACTION_KINDS = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'start',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback to',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_COMMIT_PREPARED: 'commit prepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback prepared',
} as const;

export function transactionStatement(node: pg.TransactionStmt): ast.Statement {
  const statement: Mutable<ast.TransactionStatement> = {
    type: 'transaction',
    kind: TRANSACTION_KINDS[required(node.kind, 'TransactionStmt.kind')],
    ...transactionOptions(node.options),
  };
  if (node.chain) statement.chain = true;
  const name = node.savepoint_name ?? node.gid;
  if (name !== undefined) statement.name = name;
  return statement;
}
