import type { DomainCheck, DomainDescriptor } from '../../catalog/descriptors.js';
import { FIRST_USER_OID } from '../../commons/ids.js';
import { bindScalar } from '../../planner/bind/bind.js';
import type { RowSource } from '../../planner/bind/bind-scalar.js';
import { storedExpression } from '../../planner/bind/stored-text.js';
import { someExpr } from '../../planner/bind/tree/walk.js';
import type { PlannerContext } from '../../planner/context.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import { compileExpression } from '../expression/compile-expression.js';
import type { FunctionLibrary } from '../functions/implementation.js';
import type { ExpressionScope } from '../routines/statements.js';

/** What a domain's checks are over: VALUE, which the grammar takes for a column's name. */
export function domainValueRow(domain: Pick<DomainDescriptor, 'baseType' | 'typmod' | 'collation'>): RowSource {
  const value = { number: 1, name: 'value', type: domain.baseType, typmod: domain.typmod, notNull: false };
  return { name: '', columns: [domain.collation === undefined ? value : { ...value, collation: domain.collation }] };
}

/** Does a value pass? NULL from the condition counts as yes. */
export type DomainTest = (value: SqlValue) => boolean;

/** @param own makes what a check is evaluated with where it calls users' functions; absent: `cx` serves for those, too */
export function compileDomainCheck(
  domain: DomainDescriptor,
  check: DomainCheck,
  planner: PlannerContext,
  library: FunctionLibrary,
  cx: ExecutionContext,
  own?: () => ExpressionScope,
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
  const callsRoutines = someExpr(bound.expr, (part) => part.kind === 'call' && part.proc >= FIRST_USER_OID);
  if (own === undefined || !callsRoutines) return (value) => compiled.evaluate([value], cx) !== false;
  return (value) => {
    const scope = own();
    try {
      return compiled.evaluate([value], scope) !== false;
    } finally {
      scope.release();
    }
  };
}
