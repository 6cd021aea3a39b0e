import type { BooleanSetting, EnumSetting, IntegerSetting, SettingContext, StringSetting } from './definition.js';

/** One line a setting in the tables. */
type Extra<T> = Omit<T, 'type' | 'name' | 'boot' | 'context' | 'description' | 'values' | 'min' | 'max' | 'unit'>;

export function toggle(
  name: string,
  boot: 'on' | 'off',
  context: SettingContext,
  description: string,
  extra: Extra<BooleanSetting> = {},
): BooleanSetting {
  return { type: 'bool', name, boot, context, description, ...extra };
}

export function integer(
  name: string,
  boot: string,
  range: { readonly min: number; readonly max: number; readonly unit?: string },
  context: SettingContext,
  description: string,
  extra: Extra<IntegerSetting> = {},
): IntegerSetting {
  return { type: 'integer', name, boot, context, description, ...range, ...extra };
}

export function string(
  name: string,
  boot: string,
  context: SettingContext,
  description: string,
  extra: Extra<StringSetting> = {},
): StringSetting {
  return { type: 'string', name, boot, context, description, ...extra };
}

export function enumeration(
  name: string,
  boot: string,
  values: readonly string[],
  context: SettingContext,
  description: string,
  extra: Extra<EnumSetting>,
): EnumSetting {
  return { type: 'enum', name, boot, values, context, description, ...extra };
}
