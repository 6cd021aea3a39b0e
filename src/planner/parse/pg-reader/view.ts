import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { tokenize } from '../tokens.js';
import { queryOf } from './create-table.js';
import { relationName, strings } from './names.js';
import { definitionElements } from './options.js';
import { type Mutable, nonEmpty, type Reader } from './reader.js';

export function createView(node: pg.ViewStmt, reader: Reader): ast.Statement {
  const view: Mutable<ast.CreateViewStatement> = {
    type: 'create view',
    name: relationName(node.view, reader),
    query: queryOf(node.query, reader),
    queryText: viewQueryText(node, reader),
  };
  if (nonEmpty(node.aliases)) view.columns = strings(node.aliases);
  if (node.replace) view.orReplace = true;
  if (node.view?.relpersistence === 't') view.temporary = true;
  if (nonEmpty(node.options)) view.with = definitionElements(node.options, reader);
  if (node.withCheckOption === 'LOCAL_CHECK_OPTION') view.checkOption = 'local';
  if (node.withCheckOption === 'CASCADED_CHECK_OPTION') view.checkOption = 'cascaded';
  return view;
}

/**
 * The query as typed, which no node's location marks: it starts behind the first AS outside parentheses (names before it
 * that spell `as` must be quoted) and ends before WITH … CHECK OPTION.
 */
function viewQueryText(node: pg.ViewStmt, reader: Reader): string {
  const tokens = tokenize(reader.source, reader.statementStart, reader.statementEnd);
  let depth = 0;
  let recursive = false;
  let as = -1;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    else if (depth === 0 && token.kind === 'word') {
      if (token.text === 'view') recursive = tokens[index - 1]?.text === 'recursive';
      if (token.text === 'as') {
        as = index;
        break;
      }
    }
  }
  const first = tokens[as + 1];
  assert(as >= 0 && first !== undefined, 'CREATE VIEW has an AS');
  let last = tokens.length - 1;
  if (node.withCheckOption !== undefined && node.withCheckOption !== 'NO_CHECK_OPTION') {
    while (last > as && tokens[last]?.text !== 'with') last--;
    last--;
  }
  const query = reader.source.slice(first.start, tokens[last]?.end);
  if (!recursive) return query;
  const name = quoted(node.view?.relname ?? '');
  const columns = strings(node.aliases).map(quoted).join(', ');
  return `WITH RECURSIVE ${name}(${columns}) AS (${query}) SELECT ${columns} FROM ${name}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
