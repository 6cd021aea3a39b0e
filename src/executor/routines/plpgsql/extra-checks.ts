import type { Notice } from '../../../commons/sql-error.js';
import type { SqlStateCode } from '../../../commons/sqlstates.js';
import type { Activation } from './activation.js';
import { wholeContext } from './context.js';
import { type ExtraCheck, levelOf } from './extra-levels.js';

export function extraLevel(a: Activation, check: ExtraCheck): 'ERROR' | 'WARNING' | undefined {
  return levelOf(check, a.call.statements);
}

export function noteExtra(a: Activation, code: SqlStateCode, message: string, fields: Pick<Notice, 'detail' | 'hint'>): void {
  a.call.statements.notice({ severity: 'WARNING', code, message, ...fields, where: wholeContext(a) });
}
