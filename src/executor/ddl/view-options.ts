import type { ViewDescriptor } from '../../catalog/descriptors.js';
import { parseBoolean } from '../../commons/settings/parse-value.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { bindViewUpdates } from '../../planner/bind/bind.js';
import type { DefElement } from '../../planner/parse/ast.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';
import { textOption, uniqueOptions } from './options.js';

function booleanOf(name: string, text: string): boolean {
  const value = parseBoolean(text);
  if (value === undefined) throw new SqlError(SqlState.invalidParameterValue, `invalid value for boolean option "${name}": ${text}`);
  return value;
}

/** WITH (security_barrier, security_invoker, check_option) as they are kept: the options as given. @throws SqlError 22023, 42601 */
export function viewOptionTexts(given: readonly DefElement[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const option of uniqueOptions(given).values()) {
    const text = textOption(option);
    if (option.name === 'security_barrier' || option.name === 'security_invoker') booleanOf(option.name, text);
    else if (option.name !== 'check_option') throw new SqlError(SqlState.invalidParameterValue, `unrecognized parameter "${option.name}"`);
    else if (text !== 'local' && text !== 'cascaded')
      throw new SqlError(SqlState.invalidParameterValue, `invalid value for enum option "check_option": ${text}`, {
        detail: 'Valid values are "local" and "cascaded".',
      });
    texts[option.name] = text;
  }
  return texts;
}

/**
 * The view with what follows from its options and its query: what its changes change.
 * @throws SqlError 0A000 for a check option where rows can't be changed
 */
export function completeView(view: ViewDescriptor, cx: UtilityContext): ViewDescriptor {
  const { securityInvoker: _invoker, checkOption: _check, updates: _updates, ...rest } = view;
  const check = view.options.check_option;
  const invoker = view.options.security_invoker;
  const found = bindViewUpdates(rest, check !== undefined, { ...cx.planner, catalog: catalogOf(cx), paramTypes: [] });
  if (check !== undefined && 'refusal' in found) {
    throw new SqlError(SqlState.featureNotSupported, 'WITH CHECK OPTION is supported only on automatically updatable views', {
      hint: found.refusal,
    });
  }
  return {
    ...rest,
    ...('updates' in found ? { updates: found.updates } : {}),
    ...(check === 'local' || check === 'cascaded' ? { checkOption: check } : {}),
    ...(invoker !== undefined && booleanOf('security_invoker', invoker) ? { securityInvoker: true as const } : {}),
  };
}
