import type { SettingDefinition } from '../../commons/settings/definition.js';
import { type Row, SqlArray, type SqlValue } from '../../types/value.js';
import type { SessionCore } from '../session-core.js';

/** pg_settings: values in their base units. */
export function* settingRows(core: SessionCore): Iterable<Row> {
  const { settings } = core;
  for (const setting of settings.registry.all()) {
    if (setting.hidden === true) continue;
    yield [
      setting.name,
      settings.value(setting.name),
      unitOf(setting),
      setting.category ?? 'Ungrouped',
      setting.description ?? '',
      null,
      setting.context,
      setting.type,
      settings.source(setting.name),
      minimum(setting),
      maximum(setting),
      setting.type === 'enum' ? new SqlArray([...setting.values]) : null,
      setting.boot,
      settings.resetValue(setting.name),
      null,
      null,
      false,
    ];
  }
}

function unitOf(setting: SettingDefinition): SqlValue {
  return setting.type === 'integer' || setting.type === 'real' ? (setting.unit ?? null) : null;
}

function minimum(setting: SettingDefinition): SqlValue {
  return setting.type === 'integer' || setting.type === 'real' ? String(setting.min) : null;
}

function maximum(setting: SettingDefinition): SqlValue {
  return setting.type === 'integer' || setting.type === 'real' ? String(setting.max) : null;
}
