import { SqlError } from '../sql-error.js';
import { SqlState } from '../sqlstates.js';
import type { EnumSetting, IntegerSetting, RealSetting, SettingDefinition } from './definition.js';
import { conversion, formatWithUnit, unitHint } from './units.js';

const MAX_INT = 2_147_483_647;

/**
 * Text → the setting's canonical value.
 * @param typedName as the user wrote it: some of PostgreSQL's messages repeat it
 * @throws SqlError 22023
 */
export function parseSetting(setting: SettingDefinition, text: string, typedName = setting.name): string {
  switch (setting.type) {
    case 'bool': {
      const value = parseBoolean(text);
      if (value === undefined) throw invalidParameter(`parameter "${typedName}" requires a Boolean value`);
      return value ? 'on' : 'off';
    }
    case 'integer':
      return parseInteger(setting, text, typedName);
    case 'real':
      return parseReal(setting, text, typedName);
    case 'enum':
      return parseEnum(setting, text, typedName);
    case 'string':
      return text;
  }
}

/** on, off, true, false, yes, no, 1, 0 and their unambiguous beginnings. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (word === '') return undefined;
  if (word === '1' || 'true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on') return true;
  if (word === '0' || 'false'.startsWith(word) || 'no'.startsWith(word) || (word.length > 1 && 'off'.startsWith(word))) return false;
  return undefined;
}

const NUMBER = /^\s*([+-]?(?:0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))\s*([A-Za-z]*)\s*$/i;

function parseNumber(setting: IntegerSetting | RealSetting, text: string, typedName: string): number {
  const [, digits, unit] = NUMBER.exec(text) ?? [];
  if (digits === undefined) throw invalidValue(typedName, text);
  // As in C: 0x is hexadecimal, and a zero before an integer makes it octal (file modes).
  if (setting.type === 'integer' && /^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  const value = /^[+-]?0x/i.test(digits) ? Number(digits.replace(/^[+-]/, '')) * (digits.startsWith('-') ? -1 : 1) : Number(digits);
  if (unit === undefined || unit === '') return value;
  if (setting.unit === undefined) throw invalidValue(typedName, text);
  const factor = conversion(unit, setting.unit);
  if (factor === undefined) throw invalidValue(typedName, text, unitHint(setting.unit));
  return value * factor;
}

function parseInteger(setting: IntegerSetting, text: string, typedName: string): string {
  const value = roundHalfEven(parseNumber(setting, text, typedName));
  if (Math.abs(value) > MAX_INT) throw invalidValue(typedName, text, 'Value exceeds integer range.');
  checkRange(setting, value, typedName);
  return String(value);
}

function parseReal(setting: RealSetting, text: string, typedName: string): string {
  const value = parseNumber(setting, text, typedName);
  checkRange(setting, value, typedName);
  return String(value);
}

function checkRange(setting: IntegerSetting | RealSetting, value: number, typedName: string): void {
  if (value >= setting.min && value <= setting.max) return;
  const unit = setting.unit === undefined ? '' : ` ${setting.unit}`;
  throw invalidParameter(
    `${value}${unit} is outside the valid range for parameter "${typedName}" (${bound(setting.min)} .. ${bound(setting.max)})`,
  );
}

/** The largest double as PostgreSQL prints it. */
const bound = (value: number): string => (value > 1e308 ? '1.79769e+308' : String(value));

function parseEnum(setting: EnumSetting, text: string, typedName: string): string {
  const word = text.toLowerCase();
  const found = setting.values.find((value) => value === word) ?? setting.aliases?.[word];
  if (found === undefined) throw invalidValue(typedName, text, `Available values: ${setting.values.join(', ')}.`);
  return found;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const half = value - floor;
  if (half === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return Math.round(value);
}

/** A canonical value as SHOW prints it. */
export function showSetting(setting: SettingDefinition, value: string): string {
  const withUnit = (setting.type === 'integer' || setting.type === 'real') && setting.unit !== undefined;
  if (!withUnit || setting.unit === undefined) return value;
  const number = Number(value);
  // -1 stands for "off" or "default" in many settings: no unit.
  return number <= 0 ? String(number) : formatWithUnit(number, setting.unit);
}

export function invalidValue(name: string, value: string, hint?: string, detail?: string): SqlError {
  return invalidParameter(`invalid value for parameter "${name}": "${value}"`, { hint, detail });
}

function invalidParameter(message: string, fields: { hint?: string | undefined; detail?: string | undefined } = {}): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message, fields);
}
