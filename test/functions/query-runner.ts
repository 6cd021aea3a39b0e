import { SqlError } from '../../src/commons/sql-error.js';
import { compile } from '../../src/executor/compile.js';
import { optimizeOptions } from '../../src/executor/constant-evaluator.js';
import type { ExecutionContext } from '../../src/executor/context.js';
import { createFunctionLibrary } from '../../src/executor/functions/index.js';
import { bindStatement } from '../../src/planner/bind/bind.js';
import { optimize } from '../../src/planner/optimize/optimize.js';
import { isQuery } from '../../src/planner/plan.js';
import { codecFor } from '../../src/types/type-codec.js';
import { openFixture } from '../planner/bind-fixture.js';

const SUPERUSER = 10;

/** Runs queries that read no tables: parser, binder, optimizer, compiler and library together. */
export async function openQueryRunner(): Promise<(sql: string) => Promise<string>> {
  const fixture = await openFixture();
  const library = createFunctionLibrary();
  const { format } = fixture.cx;
  const partial: Partial<ExecutionContext> = {
    catalog: fixture.cx.catalog,
    params: [],
    lifted: [],
    format,
    workMemBytes: 4 << 20,
    interrupt: { check: () => undefined, shouldYield: () => false, turn: async () => undefined },
  };
  const session = { currentRole: SUPERUSER };
  const transaction = { options: { readOnly: false } };
  // Only what queries without tables touch.
  const cx = { ...partial, session, transaction } as unknown as ExecutionContext;
  return async (sql) => {
    try {
      const statement = fixture.parser.parse(sql)[0]?.statement;
      if (statement === undefined || !isQuery(statement)) throw new TypeError(`not a query: ${sql}`);
      const planner = { ...fixture.cx, currentRole: SUPERUSER };
      const query = optimize(bindStatement(statement, planner), planner, optimizeOptions(library, format));
      const running = compile(query, { library, virtualRelations: { rows: () => [] } }).start(cx);
      const rows: string[] = [];
      for (let batch = await running.next(); batch !== null; batch = await running.next()) {
        for (const row of batch) {
          const texts = row.map((value, i) =>
            value === null ? null : (codecFor(query.columns[i]?.type ?? 0)?.output(value, format) ?? '?'),
          );
          rows.push(`= ${texts.length === 1 ? JSON.stringify(texts[0]) : JSON.stringify(texts.map((text) => text ?? '\\N').join('|'))}`);
        }
      }
      return rows.join('\n');
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return `! ${error.code} ${error.message}`;
    }
  };
}
