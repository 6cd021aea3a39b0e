import { SqlError } from '../sql-error.js';
import { SqlState } from '../sqlstates.js';
import { CLIENT_SETTINGS } from './client-settings.js';
import type { SettingDefinition } from './definition.js';
import { EXTENSION_SETTINGS } from './extension-settings.js';
import { parseSetting } from './parse-value.js';
import { KALAMDB_SETTINGS, SERVER_SETTINGS } from './server-settings.js';

/** A line of PostgreSQL's own pg_settings: what clients may set or ask for, though it does nothing here. */
export interface ForeignSetting {
  readonly name: string;
  readonly bootValue: string | undefined;
  readonly unit: string | undefined;
  readonly category: string;
  readonly context: SettingDefinition['context'];
  readonly type: SettingDefinition['type'];
  readonly minimum: string | undefined;
  readonly maximum: string | undefined;
  readonly enumValues: readonly string[] | undefined;
}

/** All settings by name, without regard to case. Immutable, one a server. */
export class SettingRegistry {
  readonly #byName = new Map<string, SettingDefinition>();
  readonly #sorted: readonly SettingDefinition[];

  /**
   * @param foreign PostgreSQL's settings; those that we have ourselves are taken from our own tables
   * @param boot values that replace the tables': what the server was started with
   */
  constructor(foreign: readonly ForeignSetting[] = [], boot: Readonly<Record<string, string>> = {}) {
    const categories = new Map(foreign.map((setting) => [setting.name, setting.category]));
    for (const setting of [...CLIENT_SETTINGS, ...SERVER_SETTINGS, ...KALAMDB_SETTINGS, ...EXTENSION_SETTINGS]) {
      const category = categories.get(setting.name) ?? (setting.name.startsWith('kalamdb.') ? 'KalamDB' : 'Ungrouped');
      this.#byName.set(setting.name.toLowerCase(), { ...setting, category, boot: boot[setting.name] ?? setting.boot });
    }
    for (const setting of foreign) {
      if (this.#byName.has(setting.name.toLowerCase())) continue;
      const definition = fromForeign(setting);
      if (definition === undefined) continue;
      this.#byName.set(setting.name.toLowerCase(), { ...definition, boot: boot[setting.name] ?? definition.boot });
    }
    this.#sorted = [...this.#byName.values()].sort((a, b) => compareNames(a.name, b.name));
  }

  /**
   * What a server is started with, in canonical form.
   * @throws SqlError 42704, 55P02, 22023
   */
  bootValue(name: string, text: string): readonly [name: string, value: string] {
    const setting = this.find(name);
    if (setting === undefined) throw new SqlError(SqlState.undefinedObject, `unrecognized configuration parameter "${name}"`);
    if (setting.context === 'internal') throw new SqlError(SqlState.cantChangeRuntimeParam, `parameter "${name}" cannot be changed`);
    return [setting.name, parseSetting(setting, text)];
  }

  find(name: string): SettingDefinition | undefined {
    return this.#byName.get(name) ?? this.#byName.get(name.toLowerCase());
  }

  /** In the order of SHOW ALL. */
  all(): readonly SettingDefinition[] {
    return this.#sorted;
  }
}

function compareNames(a: string, b: string): number {
  const x = a.toLowerCase();
  const y = b.toLowerCase();
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

function fromForeign(setting: ForeignSetting): SettingDefinition | undefined {
  const base = { name: setting.name, boot: setting.bootValue ?? '', context: setting.context, category: setting.category };
  const range = { min: Number(setting.minimum ?? 0), max: Number(setting.maximum ?? 0) };
  const unit = setting.unit === undefined ? {} : { unit: setting.unit };
  switch (setting.type) {
    case 'bool':
      return { ...base, type: 'bool' };
    case 'integer':
      return { ...base, ...range, ...unit, type: 'integer' };
    case 'real':
      // The largest double comes rounded to six digits.
      return { ...base, ...range, ...unit, type: 'real', max: range.max > 1e308 ? Number.MAX_VALUE : range.max };
    case 'enum':
      return { ...base, type: 'enum', values: setting.enumValues ?? [], aliases: booleanAliases(setting.enumValues ?? []) };
    case 'string':
      return { ...base, type: 'string' };
  }
}

/** Enumerations with on and off take the other Boolean words too. */
function booleanAliases(values: readonly string[]): Readonly<Record<string, string>> {
  if (!values.includes('on') || !values.includes('off')) return {};
  return { true: 'on', yes: 'on', '1': 'on', false: 'off', no: 'off', '0': 'off' };
}
