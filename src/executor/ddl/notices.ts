import { SqlState } from '../../commons/sqlstates.js';
import type { UtilityContext } from './context.js';

/** NOTICE: what PostgreSQL says when it does less than asked. */
export function notice(cx: UtilityContext, message: string, detail?: string): void {
  cx.session.notice({ severity: 'NOTICE', code: SqlState.successfulCompletion, message, ...(detail === undefined ? {} : { detail }) });
}

export function warning(cx: UtilityContext, message: string): void {
  cx.session.notice({ severity: 'WARNING', code: SqlState.warning, message });
}
