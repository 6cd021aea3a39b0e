import type { DomainCheck, DomainDescriptor } from '../../catalog/descriptors.js';
import { bindScalar } from '../../planner/bind/bind.js';
import type { RowSource } from '../../planner/bind/bind-scalar.js';
import { storedExpression } from '../../planner/bind/stored-text.js';
import type { PlannerContext } from '../../planner/context.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import { compileExpression } from '../expression/compile-expression.js';
import type { FunctionLibrary } from '../functions/implementation.js';

/** What a domain's checks are over: VALUE, which the grammar takes for a column's name. */
export function domainValueRow(domain: DomainDescriptor): RowSource {
  const value = { number: 1, name: 'value', type: domain.baseType, typmod: domain.typmod, notNull: false };
  return { name: '', columns: [domain.collation === undefined ? value : { ...value, collation: domain.collation }] };
}

/** Does a value pass? NULL from the condition counts as yes. */
export type DomainTest = (value: SqlValue) => boolean;

export function compileDomainCheck(
  domain: DomainDescriptor,
  check: DomainCheck,
  planner: PlannerContext,
  library: FunctionLibrary,
  cx: ExecutionContext,
): DomainTest {
  const { catalog } = planner;
  const paths = [domain.schema, ...planner.searchPath.filter((schema) => schema !== domain.schema)];
  const expr = storedExpression(planner.parser, check, check.exprText);
  const bound = bindScalar(expr, { ...planner, catalog, searchPath: paths }, { clause: 'CHECK', row: domainValueRow(domain) });
  const compiled = compileExpression(
    bound.expr,
    bound.columns.map((column) => column.id),
    library,
  );
  return (value) => compiled.evaluate([value], cx) !== false;
}
