import { quoteIdentifier } from '../../../catalog/definitions/identifiers.js';
import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { isSuperuser } from '../../../catalog/privileges.js';
import { SettingName } from '../../../commons/setting-names.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DefElement, SetStatement } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';

/** What CREATE and ALTER FUNCTION say of a function besides its name, parameters and code. */
export type RoutineOptions = Partial<
  Pick<RoutineDescriptor, 'volatility' | 'strict' | 'securityDefiner' | 'leakproof' | 'parallel' | 'cost' | 'rows'>
> & { readonly language?: string; readonly source?: readonly string[]; readonly window?: boolean };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Not of procedures. */
const FUNCTION_ONLY: ReadonlySet<string> = new Set(['window', 'volatility', 'strict', 'leakproof', 'cost', 'rows', 'support', 'parallel']);
const VOLATILITIES: ReadonlySet<string> = new Set(['immutable', 'stable', 'volatile']);

/** @throws SqlError 42601, 42P13, 22023, 42501 */
export function routineOptions(elements: readonly DefElement[], isProcedure: boolean, cx: UtilityContext): RoutineOptions {
  const options: Mutable<RoutineOptions> = {};
  const seen = new Set<string>();
  for (const element of elements) {
    const { name, _location } = element;
    const position = _location?.start;
    if (seen.has(name)) throw new SqlError(SqlState.syntaxError, 'conflicting or redundant options', { position });
    seen.add(name);
    if (isProcedure && FUNCTION_ONLY.has(name)) {
      throw new SqlError(SqlState.invalidFunctionDefinition, 'invalid attribute in procedure definition', { position });
    }
    switch (name) {
      case 'language':
        options.language = textOf(element);
        break;
      case 'as':
        options.source =
          element.value?.type === 'list' ? element.value.values.map((value) => (value.type === 'string' ? value.value : '')) : [];
        break;
      case 'window':
        options.window = true;
        break;
      case 'volatility': {
        const volatility = textOf(element);
        if (VOLATILITIES.has(volatility)) options.volatility = volatility as RoutineDescriptor['volatility'];
        break;
      }
      case 'strict':
        options.strict = isTrue(element);
        break;
      case 'security':
        options.securityDefiner = isTrue(element);
        break;
      case 'leakproof':
        options.leakproof = isTrue(element);
        if (options.leakproof && !isSuperuser(catalogOf(cx), cx.session.currentRole)) {
          throw new SqlError(SqlState.insufficientPrivilege, 'only superuser can define a leakproof function');
        }
        break;
      case 'cost':
        options.cost = numberOf(element);
        if (options.cost <= 0) throw new SqlError(SqlState.invalidParameterValue, 'COST must be positive');
        break;
      case 'rows':
        options.rows = numberOf(element);
        if (options.rows <= 0) throw new SqlError(SqlState.invalidParameterValue, 'ROWS must be positive');
        break;
      case 'parallel': {
        const parallel = textOf(element).toLowerCase();
        if (parallel !== 'safe' && parallel !== 'restricted' && parallel !== 'unsafe') {
          throw new SqlError(SqlState.syntaxError, 'parameter "parallel" must be SAFE, RESTRICTED, or UNSAFE');
        }
        options.parallel = parallel;
        break;
      }
      case 'support':
        if (!isSuperuser(catalogOf(cx), cx.session.currentRole)) {
          throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to specify a support function');
        }
        break;
      default:
        break;
    }
  }
  return options;
}

function textOf({ value }: DefElement): string {
  return value?.type === 'string' ? value.value : '';
}

function isTrue({ value }: DefElement): boolean {
  return value === undefined || (value.type === 'boolean' ? value.value : value.type === 'integer' ? value.value !== 0 : true);
}

function numberOf({ value }: DefElement): number {
  if (value?.type === 'integer') return value.value;
  return value?.type === 'numeric' ? Number(value.text) : 0;
}

/** Lists of names: each is kept as an identifier. */
const NAME_LISTS: ReadonlySet<string> = new Set<string>([SettingName.searchPath, 'temp_tablespaces', 'session_preload_libraries']);

/** SET and RESET clauses put over those that were there. */
export function routineSettings(
  before: Readonly<Record<string, string>>,
  clauses: readonly SetStatement[],
  cx: UtilityContext,
): Readonly<Record<string, string>> {
  let settings: Record<string, string> = { ...before };
  for (const clause of clauses) {
    const name = clause.variable;
    switch (clause.action) {
      case 'value':
        settings[name] = settingText(clause);
        // What can't be set can't be a clause either.
        cx.session.statements.stack.enter(undefined, { [name]: settings[name] ?? '' })();
        break;
      case 'from current':
        settings[name] = cx.session.getSetting(name, false) ?? '';
        break;
      case 'reset all':
        settings = {};
        break;
      default:
        delete settings[name];
    }
  }
  return settings;
}

function settingText({ variable, values }: SetStatement): string {
  const isNames = NAME_LISTS.has(variable.toLowerCase());
  return (values ?? []).map(({ text }) => (isNames ? quoteIdentifier(text) : text)).join(', ');
}
