import { SqlState, type SqlStateCode } from '../../commons/sqlstates.js';
import type { UtilityContext } from './context.js';

/** NOTICE: what PostgreSQL says when it does less than asked. */
export function notice(cx: UtilityContext, message: string, detail?: string): void {
  cx.session.notice({ severity: 'NOTICE', code: SqlState.successfulCompletion, message, ...(detail === undefined ? {} : { detail }) });
}

export function warning(cx: UtilityContext, message: string, code: SqlStateCode = SqlState.warning): void {
  cx.session.notice({ severity: 'WARNING', code, message });
}
