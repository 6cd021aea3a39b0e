import type { StatementHost } from '../statements.js';

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
