import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { type Token, tokenize } from '../tokens.js';
import { relationName } from './names.js';
import type { Mutable, Reader } from './reader.js';

const EVENTS: Readonly<Partial<Record<pg.CmdType, ast.CreateRuleStatement['event']>>> = {
  CMD_SELECT: 'select',
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
};

export function createRule(node: pg.RuleStmt, reader: Reader): ast.Statement {
  const event = EVENTS[node.event ?? 'CMD_UNKNOWN'];
  assert(event !== undefined, 'a rule is for SELECT, INSERT, UPDATE or DELETE');
  const rule: Mutable<ast.CreateRuleStatement> = {
    type: 'create rule',
    name: node.rulename ?? '',
    relation: relationName(node.relation, reader),
    event,
    instead: node.instead === true,
    actions: (node.actions ?? []).length === 0 ? [] : actionTexts(reader),
  };
  if (node.replace) rule.orReplace = true;
  if (node.whereClause !== undefined) rule.where = reader.expr(node.whereClause);
  return rule;
}

/** The commands behind the DO that stands outside of parentheses and comes last: no node's location marks them. */
function actionTexts(reader: Reader): ast.CreateRuleStatement['actions'] {
  const tokens = tokenize(reader.source, reader.statementStart, reader.statementEnd);
  let depth = 0;
  let start = -1;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    else if (depth === 0 && token.kind === 'word' && token.text === 'do') {
      start = index + 1;
      break;
    }
  }
  const kind = tokens[start];
  if (kind?.kind === 'word' && (kind.text === 'also' || kind.text === 'instead')) start++;
  const rest = tokens.slice(start);
  const isList = rest[0]?.text === '(' && closesLast(rest);
  return pieces(isList ? rest.slice(1, -1) : rest).map((piece) => textOf(piece, reader));
}

/** Is all of it in one pair of parentheses? */
function closesLast(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(') depth++;
    if (token.text === ')' && --depth === 0) return index === tokens.length - 1;
  }
  return false;
}

function pieces(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0 && token.text === ';') found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((piece) => piece.length > 0);
}

function textOf(tokens: readonly Token[], reader: Reader): ast.CreateRuleStatement['actions'][number] {
  const offset = tokens[0]?.start ?? 0;
  return { text: reader.source.slice(offset, tokens.at(-1)?.end ?? 0), offset };
}
