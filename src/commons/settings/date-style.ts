import { invalidValue } from './parse-value.js';

export interface DateStyle {
  readonly style: 'ISO' | 'SQL' | 'Postgres' | 'German';
  readonly order: 'MDY' | 'DMY' | 'YMD';
}

const STYLES: Readonly<Record<string, DateStyle['style']>> = { iso: 'ISO', sql: 'SQL', german: 'German' };
const ORDERS: Readonly<Record<string, DateStyle['order']>> = { ymd: 'YMD', dmy: 'DMY', mdy: 'MDY', us: 'MDY' };

/** Reads `ISO, DMY` and its parts; what is not said stays as it is. @throws SqlError 22023 */
export function parseDateStyle(text: string, current: DateStyle, boot: DateStyle): DateStyle {
  let style: DateStyle['style'] | undefined;
  let order: DateStyle['order'] | undefined;
  const conflict = (): Error => invalidValue('DateStyle', text, undefined, 'Conflicting "datestyle" specifications.');
  for (const part of text.split(',')) {
    const word = part.trim().toLowerCase();
    const newStyle = STYLES[word] ?? (word.startsWith('postgres') ? 'Postgres' : undefined);
    const newOrder = ORDERS[word] ?? (word.startsWith('euro') ? 'DMY' : word.startsWith('noneuro') ? 'MDY' : undefined);
    if (newStyle !== undefined) {
      if (style !== undefined && style !== newStyle) throw conflict();
      style = newStyle;
      if (newStyle === 'German') order ??= 'DMY';
    } else if (newOrder !== undefined) {
      if (order !== undefined && order !== newOrder && style !== 'German') throw conflict();
      order = newOrder;
    } else if (word === 'default') {
      style ??= boot.style;
      order ??= boot.order;
    } else {
      throw invalidValue('DateStyle', text, undefined, `Unrecognized key word: "${part.trim()}".`);
    }
  }
  return { style: style ?? current.style, order: order ?? current.order };
}

/** Reads a canonical value. */
export function readDateStyle(canonical: string): DateStyle {
  const boot = { style: 'ISO', order: 'MDY' } as const;
  return parseDateStyle(canonical, boot, boot);
}

export const formatDateStyle = (value: DateStyle): string => `${value.style}, ${value.order}`;
