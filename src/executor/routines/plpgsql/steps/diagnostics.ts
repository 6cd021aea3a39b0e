import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { DiagnosticItem, GetDiagnostics } from '../../../../planner/parse/plpgsql/ast.js';
import { TypeOid } from '../../../../types/oids.js';
import type { SqlValue } from '../../../../types/value.js';
import type { Activation, CaughtError } from '../activation.js';
import { assign } from '../assign.js';
import { wholeContext } from '../context.js';
import { Done, type Step } from '../step.js';

type StackedItem = Exclude<DiagnosticItem, 'row_count' | 'pg_context'>;

const STACKED: Readonly<Record<StackedItem, (caught: CaughtError) => string | undefined>> = {
  returned_sqlstate: ({ error }) => error.code,
  message_text: ({ error }) => error.message,
  pg_exception_detail: ({ error }) => error.fields.detail,
  pg_exception_hint: ({ error }) => error.fields.hint,
  pg_exception_context: ({ context }) => context,
  column_name: ({ error }) => error.fields.column,
  constraint_name: ({ error }) => error.fields.constraint,
  pg_datatype_name: ({ error }) => error.fields.dataType,
  table_name: ({ error }) => error.fields.table,
  schema_name: ({ error }) => error.fields.schema,
};

export function compileDiagnostics({ line, stacked, items }: GetDiagnostics): Step {
  return {
    line,
    title: stacked ? 'GET STACKED DIAGNOSTICS' : 'GET DIAGNOSTICS',
    run(a) {
      if (stacked && a.caught === undefined) {
        throw new SqlError(
          SqlState.stackedDiagnosticsWithoutHandler,
          'GET STACKED DIAGNOSTICS cannot be used outside an exception handler',
        );
      }
      for (const { target, item } of items) {
        if (item === 'row_count') assign(a, target, a.rowCount, TypeOid.int8, -1);
        else assign(a, target, textOf(item, a), TypeOid.text, -1);
      }
      return Done.next;
    },
  };
}

function textOf(item: Exclude<DiagnosticItem, 'row_count'>, a: Activation): SqlValue {
  if (item === 'pg_context') return wholeContext(a);
  return a.caught === undefined ? null : (STACKED[item](a.caught) ?? '');
}
