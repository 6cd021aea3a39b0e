import type { SettingDefinition } from '../../commons/settings/definition.js';
import { parseSetting, showSetting } from '../../commons/settings/parse-value.js';
import type { SettingRegistry } from '../../commons/settings/registry.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { LayeredValues } from './layered-values.js';

/** Rules of a setting that go beyond its type: canonical forms, and who may set it to what. */
export type SettingCheck = (value: string, settings: SessionSettings) => string;

/** What settings ask of their session. */
export interface SettingHooks {
  /** Whether its user may change a setting that is the superusers' unless they grant it: GRANT SET ON PARAMETER. */
  maySet(name: string): boolean;
  /** Values that are not kept here but are what the session is: is_superuser, transaction_isolation … */
  readonly derived: ReadonlyMap<string, () => string>;
  /** Settings whose change is an action: SET transaction_isolation. Nothing is kept. */
  readonly actions: ReadonlyMap<string, (value: string) => void>;
}

/** What a SET wants: at start-up more may be set, and values become what RESET returns to. */
export type SettingSource = 'start' | 'set' | 'local';

const CUSTOM_NAME = /^[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*(\.[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*)+$/;
/** Placeholders a session may make (law 6). */
const MAX_CUSTOM_SETTINGS = 1000;
/** Longest value of a setting: of each, several may be kept until the transaction ends (law 6). */
const MAX_VALUE_LENGTH = 65_536;

/**
 * A session's settings. Which value holds: SET LOCAL, then SET, then what the session started with (its parameters, role, database),
 * then the server's.
 */
export class SessionSettings {
  readonly registry: SettingRegistry;
  readonly #checks: ReadonlyMap<string, SettingCheck>;
  readonly #start = new Map<string, string>();
  readonly #values = new LayeredValues();
  /** Settings with a dot that no one defined: accepted as they are. */
  readonly #custom = new Map<string, string>();
  readonly #hooks: SettingHooks;
  /** A setting that plans depend on was changed in the transaction under way: its end may change it back. */
  #plansTouched = false;
  /** Grows with every change: who keeps what it made of settings compares. */
  version = 1;
  /** Grows with changes of settings that plans depend on. */
  planVersion = 1;

  constructor(registry: SettingRegistry, checks: ReadonlyMap<string, SettingCheck>, hooks: SettingHooks) {
    this.registry = registry;
    this.#checks = checks;
    this.#hooks = hooks;
  }

  /** The canonical value of a setting that is known to exist. */
  value(name: string): string {
    const key = name.toLowerCase();
    const derived = this.#hooks.derived.get(key);
    if (derived !== undefined) return derived();
    return this.#values.get(key) ?? this.#start.get(key) ?? this.registry.find(name)?.boot ?? '';
  }

  integer(name: string): number {
    return Number(this.value(name));
  }

  isOn(name: string): boolean {
    return this.value(name) === 'on';
  }

  /** As SHOW prints it. @throws SqlError 42704 */
  show(name: string): string {
    const setting = this.registry.find(name);
    if (setting !== undefined) return showSetting(setting, this.value(name));
    const custom = this.#values.get(name.toLowerCase()) ?? this.#start.get(name.toLowerCase());
    if (custom === undefined && !this.#custom.has(name.toLowerCase())) throw unrecognized(name);
    return custom ?? '';
  }

  has(name: string): boolean {
    return this.registry.find(name) !== undefined || this.#custom.has(name.toLowerCase());
  }

  /** The name as the registry spells it, with the session's placeholders. @throws SqlError 42704 */
  spelling(name: string): string {
    return this.registry.find(name)?.name ?? this.#custom.get(name.toLowerCase()) ?? name;
  }

  /** What RESET would bring back. */
  resetValue(name: string): string {
    return this.#start.get(name.toLowerCase()) ?? this.registry.find(name)?.boot ?? '';
  }

  /** Where the value comes from, as pg_settings words it. */
  source(name: string): 'default' | 'client' | 'session' {
    const key = name.toLowerCase();
    if (this.#values.get(key) !== undefined) return 'session';
    return this.#start.has(key) ? 'client' : 'default';
  }

  /** @throws SqlError 22023, 42501, 42602, 42704, 55P02 */
  set(name: string, text: string, source: SettingSource): void {
    if (text.length > MAX_VALUE_LENGTH) {
      throw new SqlError(
        SqlState.programLimitExceeded,
        `value of parameter "${name}" is too long (at most ${MAX_VALUE_LENGTH} characters)`,
      );
    }
    const setting = this.registry.find(name);
    const key = name.toLowerCase();
    if (setting === undefined) {
      this.#addCustom(name, key);
      this.#put(key, text, source);
    } else {
      this.#requireChangeable(setting, name, source);
      const value = this.#canonical(setting, text, name);
      const action = this.#hooks.actions.get(key);
      if (action === undefined) this.#put(key, value, source);
      else action(value);
    }
    this.#changed(setting);
  }

  /** Whether it could be set, by whoever it is: for what others will start with. @throws as `set` */
  check(name: string, text: string): void {
    const setting = this.registry.find(name);
    if (setting === undefined) {
      if (!name.includes('.') || name.toLowerCase().startsWith('kalamdb.')) throw unrecognized(name);
      return;
    }
    this.#requireChangeable(setting, name, 'set');
    this.#canonical(setting, text, name);
  }

  /** SET as a routine's clause. @returns what puts the value back, unless the routine has SET another for good @throws as `set` */
  setForRoutine(name: string, text: string): () => void {
    const key = name.toLowerCase();
    const before = this.#values.own(key);
    this.set(name, text, 'local');
    return () => {
      if (this.#values.own(key).session !== before.session) return;
      this.#values.set(key, before.local, true);
      this.#changed(this.registry.find(name));
    };
  }

  /** Back to what the session started with. @throws SqlError 42501, 42704, 55P02 */
  reset(name: string, isLocal: boolean): void {
    const setting = this.registry.find(name);
    const key = name.toLowerCase();
    if (setting === undefined && !this.#custom.has(key)) throw unrecognized(name);
    if (setting !== undefined) this.#requireChangeable(setting, name, 'set');
    // SET LOCAL x TO DEFAULT hides what SET said until the transaction ends.
    if (isLocal) this.#values.set(key, this.#start.get(key) ?? setting?.boot ?? '', true);
    else this.#values.set(key, undefined, false);
    this.#changed(setting);
  }

  resetAll(): void {
    for (const key of [...this.#values.names()]) {
      const setting = this.registry.find(key);
      if (setting?.keptByResetAll === true) continue;
      this.#values.set(key, undefined, false);
      this.#changed(setting);
    }
  }

  /** Sets what the server itself decides, whatever the context says. */
  force(name: string, value: string): void {
    this.#start.set(name.toLowerCase(), value);
    this.#changed(this.registry.find(name));
  }

  /** Becomes what holds in another session now, its transaction's own values included. */
  copyFrom(other: SessionSettings): void {
    for (const [key, value] of other.#start) this.#start.set(key, value);
    for (const [key, name] of other.#custom) this.#custom.set(key, name);
    for (const key of other.#values.names()) this.#values.set(key, other.#values.get(key), false);
    this.version++;
    this.planVersion++;
  }

  /** Placeholders with values, for SHOW ALL. */
  customNames(): Iterable<string> {
    return this.#custom.values();
  }

  begin(): void {
    this.#values.begin();
    this.#plansTouched = false;
  }
  savepoint(): void {
    this.#values.push();
  }
  rollbackTo(depth: number): void {
    if (this.#values.rollbackTo(depth)) this.#allChanged();
  }
  release(depth: number): void {
    this.#values.release(depth);
  }
  commit(): void {
    if (this.#values.commit()) this.#allChanged();
  }
  rollback(): void {
    if (this.#values.rollback()) this.#allChanged();
  }

  #put(key: string, value: string, source: SettingSource): void {
    if (source === 'start') this.#start.set(key, value);
    else this.#values.set(key, value, source === 'local');
  }

  #canonical(setting: SettingDefinition, text: string, typedName: string): string {
    const value = parseSetting(setting, text, typedName);
    return this.#checks.get(setting.name)?.(value, this) ?? value;
  }

  #addCustom(name: string, key: string): void {
    if (!name.includes('.')) throw unrecognized(name);
    if (!CUSTOM_NAME.test(name)) {
      throw new SqlError(SqlState.invalidName, `invalid configuration parameter name "${name}"`, {
        detail: 'Custom parameter names must be two or more simple identifiers separated by dots.',
      });
    }
    if (key.startsWith('kalamdb.')) throw unrecognized(name);
    if (!this.#custom.has(key) && this.#custom.size >= MAX_CUSTOM_SETTINGS) {
      throw new SqlError(SqlState.programLimitExceeded, `too many custom parameters (at most ${MAX_CUSTOM_SETTINGS})`);
    }
    if (!this.#custom.has(key)) this.#custom.set(key, name);
  }

  #requireChangeable(setting: SettingDefinition, name: string, source: SettingSource): void {
    const cannot = (how: string): SqlError => new SqlError(SqlState.cantChangeRuntimeParam, `parameter "${name}" cannot be ${how}`);
    switch (setting.context) {
      case 'internal':
        throw cannot('changed');
      case 'postmaster':
        throw cannot('changed without restarting the server');
      case 'sighup':
        throw cannot('changed now');
      case 'backend':
      case 'superuser-backend':
        if (source !== 'start') throw cannot('set after connection start');
        return;
      case 'superuser':
        if (!this.#hooks.maySet(setting.name))
          throw new SqlError(SqlState.insufficientPrivilege, `permission denied to set parameter "${name}"`);
        return;
      case 'user':
        return;
    }
  }

  #changed(setting: SettingDefinition | undefined): void {
    this.version++;
    if (setting?.affectsPlans !== true) return;
    this.planVersion++;
    this.#plansTouched = true;
  }

  #allChanged(): void {
    this.version++;
    if (this.#plansTouched) this.planVersion++;
  }
}

function unrecognized(name: string): SqlError {
  return new SqlError(SqlState.undefinedObject, `unrecognized configuration parameter "${name}"`);
}
