import { parseBoolean } from '../../commons/settings/parse-value.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { DefElement } from '../../planner/parse/ast.js';

export interface ExplainSettings {
  readonly analyze: boolean;
  readonly verbose: boolean;
  readonly costs: boolean;
  readonly timing: boolean;
  readonly summary: boolean;
  readonly format: 'text' | 'json';
}

const SWITCHES: ReadonlySet<string> = new Set(['analyze', 'verbose', 'costs', 'timing', 'summary', 'buffers', 'wal', 'settings']);

/** Options of EXPLAIN. BUFFERS, WAL and SETTINGS are accepted: there is nothing to tell. @throws SqlError 22023, 42601 */
export function explainSettings(options: readonly DefElement[]): ExplainSettings {
  const switches = new Map<string, boolean>();
  let format: ExplainSettings['format'] = 'text';
  for (const option of options) {
    if (option.name === 'format') format = formatOf(option);
    else if (SWITCHES.has(option.name)) switches.set(option.name, switchOf(option));
    else {
      throw new SqlError(SqlState.syntaxError, `unrecognized EXPLAIN option "${option.name}"`, { position: option._location?.start });
    }
  }
  const analyze = switches.get('analyze') === true;
  for (const name of ['wal', 'timing']) {
    if (switches.get(name) === true && !analyze) {
      throw new SqlError(SqlState.invalidParameterValue, `EXPLAIN option ${name.toUpperCase()} requires ANALYZE`);
    }
  }
  return {
    analyze,
    verbose: switches.get('verbose') === true,
    costs: switches.get('costs') !== false,
    timing: switches.get('timing') ?? analyze,
    summary: switches.get('summary') ?? analyze,
    format,
  };
}

function formatOf(option: DefElement): ExplainSettings['format'] {
  const { value } = option;
  const text = value?.type === 'string' ? value.value.toLowerCase() : '';
  if (text === 'text' || text === 'json') return text;
  if (text === 'xml' || text === 'yaml') throw notSupported(`EXPLAIN in format ${text.toUpperCase()}`);
  throw new SqlError(SqlState.invalidParameterValue, `unrecognized value for EXPLAIN option "format": "${text}"`, {
    position: option._location?.start,
  });
}

function switchOf({ name, value }: DefElement): boolean {
  if (value === undefined) return true;
  const on =
    value.type === 'boolean'
      ? value.value
      : parseBoolean(value.type === 'integer' ? String(value.value) : value.type === 'string' ? value.value : '');
  if (on === undefined) throw new SqlError(SqlState.syntaxError, `${name} requires a Boolean value`);
  return on;
}
