import type { FormatContext } from '../../src/types/format-context.js';
import type { Settings } from './golden-cases.js';

export const plainContext: FormatContext = {
  dateStyle: 'ISO',
  dateOrder: 'MDY',
  intervalStyle: 'postgres',
  timeZone: 'UTC',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
  transactionStartMicros: 646_000_000_000_000,
};

export function contextOf(settings: Settings = {}): FormatContext {
  const [style, order] = (settings.DateStyle ?? 'ISO, MDY').split(', ');
  return {
    ...plainContext,
    dateStyle: style as FormatContext['dateStyle'],
    dateOrder: order as FormatContext['dateOrder'],
    intervalStyle: (settings.IntervalStyle ?? 'postgres') as FormatContext['intervalStyle'],
    timeZone: settings.TimeZone ?? 'UTC',
    extraFloatDigits: Number(settings.extra_float_digits ?? 1),
    byteaOutput: (settings.bytea_output ?? 'hex') as FormatContext['byteaOutput'],
  };
}
