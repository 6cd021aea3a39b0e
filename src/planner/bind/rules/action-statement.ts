import type { InsertStatement, SelectStatement, Statement } from '../../parse/ast.js';

/** A rule's command in a form that can stand beside rows: VALUES become a query, over which the rows are joined. */
export function actionStatement(action: Statement): Statement {
  if (action.type === 'values') return overRows(action);
  return action.type === 'insert' ? insertion(action) : action;
}

function insertion(statement: InsertStatement): InsertStatement {
  const { insert } = statement;
  if (insert === undefined) return { ...statement, insert: NOTHING };
  if (insert.type !== 'values' || insert.with !== undefined) return statement;
  const [only] = insert.values;
  if (only === undefined || insert.values.length > 1) return { ...statement, insert: overRows(insert) };
  if (!only.some(({ type }) => type === 'default')) {
    return { ...statement, insert: { type: 'select', columns: only.map((expr) => ({ expr })) } };
  }
  return statement.columns === undefined ? statement : withoutDefaults(statement, only);
}

/** One row without columns: INSERT DEFAULT VALUES. */
const NOTHING: SelectStatement = { type: 'select', columns: [] };

/** A column that gets its default needs not be named. */
function withoutDefaults(
  statement: InsertStatement,
  values: readonly Extract<SelectStatement, { type: 'values' }>['values'][number][number][],
): InsertStatement {
  const kept = values.flatMap((expr, i) => (expr.type === 'default' ? [] : [i]));
  const columns = kept.flatMap((i) => statement.columns?.[i] ?? []);
  const insert: SelectStatement = { type: 'select', columns: kept.flatMap((i) => (values[i] === undefined ? [] : [{ expr: values[i] }])) };
  return { ...statement, columns, insert };
}

function overRows(statement: SelectStatement): SelectStatement {
  return {
    type: 'select',
    columns: [{ expr: { type: 'ref', name: '*', star: true } }],
    from: [{ type: 'statement', statement, lateral: true, alias: { name: '*VALUES*' } }],
  };
}
