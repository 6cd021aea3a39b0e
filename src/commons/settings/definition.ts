/** What a setting is. Values are kept as canonical text: `on`/`off`, an integer in its base unit, an enum's word. */
export type SettingDefinition = BooleanSetting | IntegerSetting | RealSetting | StringSetting | EnumSetting;

/**
 * Who may change it, and when (PostgreSQL's GucContext): 'internal' nobody, 'postmaster' at start, 'sighup' in the configuration,
 * 'backend' when a session opens, 'superuser' and 'user' at any time.
 */
export type SettingContext = 'internal' | 'postmaster' | 'sighup' | 'superuser-backend' | 'backend' | 'superuser' | 'user';

interface SettingBase {
  readonly name: string;
  /** The canonical value when nobody sets it. */
  readonly boot: string;
  readonly context: SettingContext;
  readonly category?: string;
  readonly description?: string;
  /** Sent as ParameterStatus. */
  readonly reported?: true;
  /** Plans depend on it: a change takes other plans from the cache. */
  readonly affectsPlans?: true;
  /** Not in SHOW ALL and pg_settings. */
  readonly hidden?: true;
  /** Not changed by RESET ALL. */
  readonly keptByResetAll?: true;
  /** Takes a list of names: SET search_path = a, b. */
  readonly list?: true;
}
export interface BooleanSetting extends SettingBase {
  readonly type: 'bool';
}
export interface IntegerSetting extends SettingBase {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
}
export interface RealSetting extends SettingBase {
  readonly type: 'real';
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
}
export interface StringSetting extends SettingBase {
  readonly type: 'string';
}
export interface EnumSetting extends SettingBase {
  readonly type: 'enum';
  readonly values: readonly string[];
  /** Other spellings, not shown in hints. */
  readonly aliases?: Readonly<Record<string, string>>;
}
