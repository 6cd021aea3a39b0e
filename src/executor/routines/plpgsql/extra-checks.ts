import type { Notice } from '../../../commons/sql-error.js';
import type { SqlStateCode } from '../../../commons/sqlstates.js';
import type { StatementHost } from '../statements.js';
import type { Activation } from './activation.js';
import { wholeContext } from './context.js';

export type ExtraCheck = 'shadowed_variables' | 'too_many_rows' | 'strict_multi_assignment';

/** What plpgsql.extra_errors and plpgsql.extra_warnings say of a check; undefined: nothing is checked. */
export function levelOf(check: ExtraCheck, statements: Pick<StatementHost, 'setting'>): 'ERROR' | 'WARNING' | undefined {
  if (names(statements.setting('plpgsql.extra_errors'), check)) return 'ERROR';
  return names(statements.setting('plpgsql.extra_warnings'), check) ? 'WARNING' : undefined;
}

function names(setting: string | undefined, check: ExtraCheck): boolean {
  if (setting === undefined || setting === '' || setting === 'none') return false;
  return setting === 'all' || setting.split(',').some((word) => word.trim().replaceAll('"', '') === check);
}

export function extraLevel(a: Activation, check: ExtraCheck): 'ERROR' | 'WARNING' | undefined {
  return levelOf(check, a.call.statements);
}

export function noteExtra(a: Activation, code: SqlStateCode, message: string, fields: Pick<Notice, 'detail' | 'hint'>): void {
  a.call.statements.notice({ severity: 'WARNING', code, message, ...fields, where: wholeContext(a) });
}
