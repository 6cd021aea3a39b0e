import { SettingName } from '../commons/setting-names.js';
import { readDateStyle } from '../commons/settings/date-style.js';
import type { FormatContext, ObjectNames } from '../types/format-context.js';
import type { UserTypes } from '../types/user-types.js';
import type { SessionSettings } from './settings/session-settings.js';

/** The session's formats. One object as long as the session lives: encoders hold it, and see each change. */
export class SessionFormat implements FormatContext {
  dateStyle: FormatContext['dateStyle'] = 'ISO';
  dateOrder: FormatContext['dateOrder'] = 'MDY';
  intervalStyle: FormatContext['intervalStyle'] = 'postgres';
  timeZone = 'UTC';
  extraFloatDigits = 1;
  byteaOutput: FormatContext['byteaOutput'] = 'hex';
  transactionStartMicros = 0;
  readonly names: ObjectNames;
  readonly userTypes: UserTypes;
  readonly interrupt: { check(): void };
  #version = 0;

  constructor(names: ObjectNames, userTypes: UserTypes, interrupt: { check(): void }) {
    this.names = names;
    this.userTypes = userTypes;
    this.interrupt = interrupt;
  }

  /** Takes over what the settings say now. Costs a comparison when nothing changed. */
  refresh(settings: SessionSettings): void {
    if (this.#version === settings.version) return;
    this.#version = settings.version;
    const { style, order } = readDateStyle(settings.value(SettingName.dateStyle));
    this.dateStyle = style;
    this.dateOrder = order;
    this.intervalStyle = INTERVAL_STYLES[settings.value(SettingName.intervalStyle)] ?? 'postgres';
    this.timeZone = settings.value(SettingName.timeZone);
    this.extraFloatDigits = settings.integer(SettingName.extraFloatDigits);
    this.byteaOutput = settings.value(SettingName.byteaOutput) === 'escape' ? 'escape' : 'hex';
  }
}

const INTERVAL_STYLES: Readonly<Record<string, FormatContext['intervalStyle']>> = {
  postgres: 'postgres',
  postgres_verbose: 'postgres_verbose',
  sql_standard: 'sql_standard',
  iso_8601: 'iso_8601',
};
