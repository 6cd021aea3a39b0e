import { SqlState, type SqlStateCode } from '../../commons/sqlstates.js';
import type { UtilityContext } from './context.js';

/** NOTICE: what PostgreSQL says when it does less than asked. */
export function notice(cx: UtilityContext, message: string, detail?: string): void {
  cx.session.notice({ severity: 'NOTICE', code: SqlState.successfulCompletion, message, ...(detail === undefined ? {} : { detail }) });
}

/** NOTICE of IF NOT EXISTS: with the code that the error would have. */
export function skipping(cx: UtilityContext, what: string, code: SqlStateCode): void {
  cx.session.notice({ severity: 'NOTICE', code, message: `${what} already exists, skipping` });
}

export function warning(cx: UtilityContext, message: string, code: SqlStateCode = SqlState.warning): void {
  cx.session.notice({ severity: 'WARNING', code, message });
}
