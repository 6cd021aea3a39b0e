import type { FormatContext } from '../types/format-context.js';

/** Formats as they are now: live queries keep to those of their LISTEN, whatever the session sets later. */
export function frozenFormat(format: FormatContext): FormatContext {
  const { dateStyle, dateOrder, intervalStyle, timeZone, extraFloatDigits, byteaOutput, transactionStartMicros, names, userTypes } = format;
  return { dateStyle, dateOrder, intervalStyle, timeZone, extraFloatDigits, byteaOutput, transactionStartMicros, names, userTypes };
}

/** The same for formats that write all values alike. */
export function formatKey({ dateStyle, dateOrder, intervalStyle, timeZone, extraFloatDigits, byteaOutput }: FormatContext): string {
  return [dateStyle, dateOrder, intervalStyle, timeZone, extraFloatDigits, byteaOutput].join(',');
}
