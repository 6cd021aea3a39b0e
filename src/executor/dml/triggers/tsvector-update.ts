import type { ColumnDescriptor } from '../../../catalog/descriptors.js';
import { configurationByOid } from '../../../catalog/text-search.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import { regOidOf } from '../../../types/reg-codecs.js';
import type { Row } from '../../../types/value.js';
import type { ExecutionContext } from '../../context.js';
import { vectorOfTexts } from '../../functions/text-search/convert.js';
import type { TriggerCall } from '../../routines/routine.js';

const TEXTS: ReadonlySet<number> = new Set([TypeOid.text, TypeOid.varchar, TypeOid.bpchar]);

/**
 * tsvector_update_trigger(tsvector column, configuration, text column, …), or with a column that names the configuration.
 * @throws SqlError 39P01, 42703, 42804, 22023
 */
export function updateTsVector(byColumn: boolean): (call: TriggerCall, cx: ExecutionContext) => Row | null {
  return (call, cx) => {
    const refuse = (what: string) => new SqlError(SqlState.triggerProtocolViolated, `tsvector_update_trigger: ${what}`);
    if (call.level !== 'ROW') throw refuse('must be fired for row');
    if (call.when !== 'BEFORE') throw refuse('must be fired BEFORE event');
    if (call.event !== 'INSERT' && call.event !== 'UPDATE') throw refuse('must be fired for INSERT or UPDATE');
    const [target = '', configurationName = '', ...sources] = call.args;
    if (sources.length === 0) throw refuse('arguments must be tsvector_field, ts_config, text_field1, ...)');
    const row = call.new ?? [];
    const columnNamed = (name: string, word = 'column'): ColumnDescriptor => {
      const column = call.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
      if (column === undefined) throw new SqlError(SqlState.undefinedColumn, `${word} "${name}" does not exist`);
      return column;
    };
    const vectorColumn = columnNamed(target, 'tsvector column');
    if (vectorColumn.type !== TypeOid.tsvector) throw new SqlError(SqlState.datatypeMismatch, `column "${target}" is not of tsvector type`);
    const configuration = configurationByOid(cx.catalog, configurationOid(configurationName, byColumn, columnNamed, row, cx));
    if (configuration === undefined)
      throw new SqlError(SqlState.undefinedObject, `text search configuration "${configurationName}" does not exist`);
    const texts = sources.flatMap((name) => {
      const column = columnNamed(name);
      if (!TEXTS.has(column.type)) throw new SqlError(SqlState.datatypeMismatch, `column "${name}" is not of a character type`);
      const value = row[column.number - 1];
      return typeof value === 'string' ? [value] : [];
    });
    const changed = [...row];
    changed[vectorColumn.number - 1] = vectorOfTexts(configuration, texts, false);
    return changed;
  };
}

function configurationOid(
  name: string,
  byColumn: boolean,
  columnNamed: (name: string, word?: string) => ColumnDescriptor,
  row: Row,
  cx: ExecutionContext,
): number {
  if (!byColumn) {
    if (!name.includes('.'))
      throw new SqlError(SqlState.invalidParameterValue, `text search configuration name "${name}" must be schema-qualified`);
    return regOidOf('regconfig', name, cx.format);
  }
  const column = columnNamed(name, 'configuration column');
  if (column.type !== TypeOid.regconfig) throw new SqlError(SqlState.datatypeMismatch, `column "${name}" is not of regconfig type`);
  const value = row[column.number - 1];
  if (typeof value !== 'number') throw new SqlError(SqlState.nullValueNotAllowed, `configuration column "${name}" must not be null`);
  return value;
}
