import { assert } from '../../commons/assert.js';
import { SettingName } from '../../commons/setting-names.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { SetStatement, ShowStatement, TransactionOptions } from '../../planner/parse/ast.js';
import type { Row } from '../../types/value.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import { joinList } from '../settings/setting-checks.js';
import { resultColumn } from './result-columns.js';
import { transactionChange } from './transaction-commands.js';

/** SET, SET LOCAL, RESET, SET TRANSACTION. */
export function setCommand(statement: SetStatement, core: SessionCore, inMultiple: boolean): OpenedStatement {
  const { settings, block } = core;
  const isLocal = statement.scope === 'local';
  if (statement.action === 'transaction') {
    block.setOptions(transactionChange(requireOptions(statement)), inMultiple);
    return new DoneCommand('SET');
  }
  if (statement.action === 'snapshot') {
    block.importSnapshot(statement.snapshot ?? '', inMultiple);
    return new DoneCommand('SET');
  }
  block.enter();
  if (isLocal && !block.isBlock && !inMultiple) {
    core.notice({
      severity: 'WARNING',
      code: SqlState.noActiveSqlTransaction,
      message: 'SET LOCAL can only be used in transaction blocks',
    });
  }
  switch (statement.action) {
    case 'value':
      settings.set(statement.variable, valueText(statement, core), isLocal ? 'local' : 'set');
      return new DoneCommand('SET');
    case 'default':
      settings.reset(statement.variable, isLocal);
      return new DoneCommand('SET');
    case 'reset':
      settings.reset(statement.variable, false);
      return new DoneCommand('RESET');
    case 'reset all':
      settings.resetAll();
      return new DoneCommand('RESET');
    case 'session characteristics':
      setCharacteristics(requireOptions(statement), core);
      return new DoneCommand('SET');
    case 'from current':
      throw new SqlError(SqlState.syntaxError, 'SET … FROM CURRENT stands only in a function or role');
  }
}

function valueText(statement: SetStatement, core: SessionCore): string {
  const values = (statement.values ?? []).map((value) => value.text);
  const setting = core.settings.registry.find(statement.variable);
  if (setting?.list === true && setting.name === SettingName.searchPath) return joinList(values);
  if (setting?.list === true) return values.join(', ');
  const [value, ...more] = values;
  if (more.length > 0) throw new SqlError(SqlState.invalidParameterValue, `SET ${statement.variable} takes only one argument`);
  return value ?? '';
}

function requireOptions(statement: SetStatement): TransactionOptions {
  assert(statement.transaction !== undefined, 'SET TRANSACTION has modes');
  return statement.transaction;
}

function setCharacteristics(options: TransactionOptions, { settings }: SessionCore): void {
  const onOff = (value: boolean): string => (value ? 'on' : 'off');
  if (options.isolationLevel !== undefined) settings.set(SettingName.defaultTransactionIsolation, options.isolationLevel, 'set');
  if (options.readOnly !== undefined) settings.set(SettingName.defaultTransactionReadOnly, onOff(options.readOnly), 'set');
  if (options.deferrable !== undefined) settings.set(SettingName.defaultTransactionDeferrable, onOff(options.deferrable), 'set');
}

const ALL_COLUMNS = [resultColumn('name'), resultColumn('setting'), resultColumn('description')];

export function showCommand(statement: ShowStatement, core: SessionCore): OpenedStatement {
  const { settings } = core;
  core.block.enter();
  if (statement.variable.toLowerCase() !== 'all') {
    return new DoneCommand('SHOW', showColumns(statement, core), [[settings.show(statement.variable)]]);
  }
  const rows: Row[] = [];
  for (const setting of settings.registry.all()) {
    if (setting.hidden !== true) rows.push([setting.name, settings.show(setting.name), setting.description ?? '']);
  }
  for (const name of settings.customNames()) rows.push([name, settings.show(name), '']);
  return new DoneCommand('SHOW', ALL_COLUMNS, rows);
}

export function showColumns(statement: ShowStatement, core: SessionCore) {
  if (statement.variable.toLowerCase() === 'all') return ALL_COLUMNS;
  return [resultColumn(core.settings.spelling(statement.variable))];
}
